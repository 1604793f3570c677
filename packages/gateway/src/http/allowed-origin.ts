import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Ports that browsers leave out of an origin and of `Host`. */
const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * Whether the page that made a request may use MTProto on this server. Clients that are not browsers send no `Origin`.
 * @param allowed origins of pages, such as `https://chat.example.org`; `*` allows all. Pages of the server's own origin need not be among them.
 */
export function isOriginAllowed({ headers: { origin, host } }: IncomingMessage, allowed: readonly string[]): boolean {
  return origin === undefined || allowed.includes('*') || allowed.includes(origin.toLowerCase()) || isOwnOrigin(origin, host);
}

/**
 * Whether a page was loaded from the address to which its request goes. The host name must be one that nobody else can make point here: somebody
 * could let their own domain resolve to this machine after their page was loaded from it (DNS rebinding), and the browser would take both for
 * one origin. That is not possible with an IP address, with `localhost`, and over TLS, where the certificate would not fit. Which scheme a
 * reverse proxy was asked by is not known here, so only the origin tells it; headers of proxies, such as `X-Forwarded-Host`, are not read.
 */
function isOwnOrigin(origin: string, host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  const defaultPort = DEFAULT_PORTS[page.protocol];
  if (defaultPort === undefined || page.origin !== origin.toLowerCase()) return false;
  const reached = host.toLowerCase();
  if (reached !== page.host && (page.port !== '' || reached !== `${page.hostname}:${defaultPort}`)) return false;
  return page.protocol === 'https:' || page.hostname === 'localhost' || isIP(page.hostname.replace(/^\[(.*)\]$/, '$1')) !== 0;
}
