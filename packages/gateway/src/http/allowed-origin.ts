import type { IncomingMessage } from 'node:http';

/**
 * Whether the page that made a request may speak MTProto to this server. Programs that are no browsers send no `Origin`.
 * @param allowed origins of pages, such as `https://chat.example.org`; `*` stands for all
 */
export function isOriginAllowed({ headers: { origin } }: IncomingMessage, allowed: readonly string[]): boolean {
  return origin === undefined || allowed.includes('*') || allowed.includes(origin.toLowerCase());
}
