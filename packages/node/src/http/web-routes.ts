import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@aerogram/runtime';
import type { WebFolder } from './web-folder.ts';
import type { WebHome } from './web-homes.ts';

/**
 * What the web client may do: load its own scripts and styles, show pictures and videos that its scripts have fetched, and speak to this server and to the other data
 * centres. The policy is sent with scripts too, because a worker has the one of its script.
 */
const policyFor = (homes: readonly WebHome[]): string => [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  ["connect-src 'self'", ...homes.map(({ socket }) => socket)].join(' '),
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types aerogram ProseMirrorClipboard',
].join('; ');

/** Features of browsers that the web client uses on its own page, and those that nothing on it may use. */
const PERMISSIONS = [
  ...['camera', 'display-capture', 'geolocation', 'microphone', 'publickey-credentials-create', 'publickey-credentials-get'].map((name) => `${name}=(self)`),
  ...['accelerometer', 'gyroscope', 'hid', 'magnetometer', 'midi', 'payment', 'serial', 'usb'].map((name) => `${name}=()`),
].join(', ');

const HEADERS = {
  Vary: 'Accept-Encoding',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': PERMISSIONS,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** Browsers ask again each time whether a file with a fixed name has changed, and never for a file with a hash in its name. */
const CACHE_CONTROL = { fixed: 'no-cache', hashed: 'public, max-age=31536000, immutable' } as const;

/** The web client, as the HTTP port serves it. */
export interface WebClient {
  /** Names the build; '' if the build did not say. */
  readonly build: string;
  /**
   * Answers a request for a file of the web client.
   * @param path of the request, without the query
   * @returns false if there is no such file; then nothing was answered
   */
  answer(path: string, request: IncomingMessage, response: ServerResponse): boolean;
}

/**
 * Serves the files of the web client.
 * @param deps `homes`: the other data centres to which it may connect
 */
export function serveWebFolder(folder: WebFolder, { log, homes = () => [] }: { log: Logger; homes?: (() => readonly WebHome[]) | undefined }): WebClient {
  const allHeaders = () => ({ ...HEADERS, 'Content-Security-Policy': policyFor(homes()) });
  /** A browser that keeps a file keeps its policy too. */
  const tagOf = (etag: string): string => {
    const sockets = homes().map(({ socket }) => socket);
    return sockets.length === 0 ? etag : etag.replace(/"$/, `-${hash('sha256', sockets.join(' ')).slice(0, 8)}"`);
  };
  const refuse = (response: ServerResponse, status: number, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { ...allHeaders(), 'Cache-Control': 'no-store', ...headers, 'Content-Length': 0 }).end();
  };
  const answer = async (path: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, { Allow: 'GET, HEAD' });
    const file = await folder.find(path, request.headers['accept-encoding']);
    if (file === undefined) return refuse(response, 404);
    const headers = { ...allHeaders(), 'Cache-Control': file.hasHash ? CACHE_CONTROL.hashed : CACHE_CONTROL.fixed, ETag: tagOf(file.etag) };
    if (isKnown(request.headers['if-none-match'], headers.ETag)) return void response.writeHead(304, headers).end();
    response.writeHead(200, {
      ...headers,
      'Content-Type': file.type,
      'Content-Length': file.bytes.length,
      ...(file.encoding === undefined ? {} : { 'Content-Encoding': file.encoding }),
    });
    response.end(request.method === 'HEAD' ? undefined : file.bytes);
  };

  return {
    build: folder.build,
    answer(path, request, response) {
      if (!folder.has(path)) return false;
      answer(path, request, response).catch((error: unknown) => {
        log.error({ err: error }, 'a file of the web client could not be sent');
        if (response.headersSent) response.destroy();
        else refuse(response, 503, { 'Retry-After': '5' });
      });
      return true;
    },
  };
}

/** Serves a client below a path, such as `/admin`. */
export function serveBelow(base: string, { answer }: Pick<WebClient, 'answer'>): Pick<WebClient, 'answer'> {
  return {
    answer(path, request, response) {
      if (path === base) return answer('/', request, response);
      return path.startsWith(`${base}/`) && answer(path.slice(base.length), request, response);
    },
  };
}

/** Whether the client has the file already. A proxy that encodes files itself marks their tags as weak. Pure. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
