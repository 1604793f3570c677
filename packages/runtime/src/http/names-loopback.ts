import type { IncomingMessage } from 'node:http';
import { isLoopbackHost } from '../config/address.ts';

/**
 * Whether a request uses a loopback address as host name. A web page's domain can be made to resolve to 127.0.0.1, and its scripts could
 * then read every response (DNS rebinding); but the browser still sends that domain as `Host`. Clients other than browsers may omit the
 * header.
 */
export function namesLoopback({ headers: { host } }: IncomingMessage): boolean {
  if (host === undefined) return true;
  const url = `http://${host}`;
  return URL.canParse(url) && isLoopbackHost(new URL(url).hostname.replace(/^\[(.*)\]$/, '$1'));
}
