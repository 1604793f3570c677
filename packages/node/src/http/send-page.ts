import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a request for a page is answered with. */
export interface PageAnswer {
  status: number;
  body?: string;
  /** By default HTML. */
  type?: string;
  location?: string;
  cookies?: readonly string[];
  headers?: Record<string, string>;
}

/** The answer to a method that a page does not have. Pure. @param allow the methods that it has */
export const notAllowed = (allow: string): PageAnswer => ({ status: 405, headers: { Allow: allow }, body: '', type: 'text/plain' });

/** The answer to an address that asks too often. Pure. */
export const tooMany = (waitS: number): PageAnswer => ({ status: 429, headers: { 'Retry-After': String(waitS) }, body: 'Too many requests. Try again later.\n', type: 'text/plain' });

/** Whether the form of a page of ours has sent a request. @param origin at which browsers reach the pages */
export function isOfOwnPage({ headers }: Pick<IncomingMessage, 'headers'>, origin: string): boolean {
  const site = headers['sec-fetch-site'];
  return site === undefined ? headers.origin === origin : site === 'same-origin';
}

/** Sends a page that is for one browser, and that nobody keeps. @param policy what browsers let the page do */
export function sendPage(response: ServerResponse, { status, body = '', type = 'text/html', location, cookies = [], headers }: PageAnswer, { policy, isHead }: { policy: string; isHead: boolean }): void {
  response.writeHead(status, {
    'Cache-Control': 'no-store',
    ...headers,
    ...(location === undefined ? {} : { Location: location }),
    ...(cookies.length === 0 ? {} : { 'Set-Cookie': [...cookies] }),
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Length': Buffer.byteLength(body),
    'Content-Security-Policy': policy,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    // Addresses here have secrets in them. Forms have to say where they come from.
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(isHead ? undefined : body);
}
