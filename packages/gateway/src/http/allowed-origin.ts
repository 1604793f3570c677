import type { IncomingMessage } from 'node:http';

/**
 * Whether the page that made a request may use MTProto on this server. Clients that are not browsers send no `Origin`.
 * @param allowed origins of pages, such as `https://chat.example.org`; `*` allows all
 */
export function isOriginAllowed({ headers: { origin } }: IncomingMessage, allowed: readonly string[]): boolean {
  return origin === undefined || allowed.includes('*') || allowed.includes(origin.toLowerCase());
}
