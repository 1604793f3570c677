import type { IncomingMessage } from 'node:http';
import { hostOf, isLoopbackHost } from '../config/address.ts';

/** Whether the host of a URL is this machine: a loopback address, or a name below `localhost`, which leads to no other machine (RFC 6761, 6.3). Pure. */
export function leadsToLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const host = hostOf(url);
  return host.endsWith('.localhost') || isLoopbackHost(host);
}

/**
 * Whether a request uses a host name of this machine. A web page's domain can be made to resolve to 127.0.0.1, and its scripts could
 * then read every response (DNS rebinding); but the browser still sends that domain as `Host`. Clients other than browsers may omit the
 * header.
 */
export function namesLoopback({ headers: { host } }: IncomingMessage): boolean {
  return host === undefined || leadsToLoopback(`http://${host}`);
}
