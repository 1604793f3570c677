import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { isLoopbackHost, leadsToLoopback, namesLoopback, type TrustedProxies } from '@aerogram/runtime';
import { findForwardedClient } from './http/forwarded-for.ts';

/** Both addresses of a client's connection. */
export interface ClientAddress {
  remoteAddress: string;
  localAddress: string;
  localPort: number;
  /** The connection comes from this machine, but a header says that somebody else's request is passed on, or it was sent to another name than this machine's own. */
  isForwarded?: boolean | undefined;
}

/** Headers by which proxies say that a request is of somebody else. */
const FORWARDING_HEADERS = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via'];

/** Whether a page that was loaded from elsewhere has sent a request. Programs send no origin, and pages that are files of this machine one without a host. */
function isOfForeignPage({ headers: { origin } }: IncomingMessage): boolean {
  return origin !== undefined && origin !== 'file://' && !leadsToLoopback(origin);
}

/**
 * Whether a request that comes from this machine may be that of somebody elsewhere: through a proxy that is not trusted, by a name of another host, which a page elsewhere
 * can have made to lead here, or from such a page. Pure.
 */
export function seemsForwarded(request: IncomingMessage): boolean {
  return FORWARDING_HEADERS.some((name) => request.headers[name] !== undefined) || !namesLoopback(request) || isOfForeignPage(request);
}

/** The addresses of sockets that a proxy opened for a client. */
const named = new WeakMap<Socket, ClientAddress>();

/** Removes the prefix that IPv4 addresses have on a dual-stack socket. */
export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
}

/** Records for which client a proxy, or another process of this server, uses a socket. */
export function nameClient(socket: Socket, client: ClientAddress): void {
  named.set(socket, client);
}

/** The addresses of a socket's client: those that were recorded, otherwise those of the socket itself. */
export function clientOf(socket: Socket): ClientAddress {
  const known = named.get(socket);
  if (known) return known;
  const { remoteAddress, localAddress, localPort = 0 } = socket;
  return { remoteAddress: plainAddress(remoteAddress), localAddress: plainAddress(localAddress), localPort };
}

/** The addresses of a request's client: `X-Forwarded-For` counts if a trusted proxy has sent the request. */
export function clientOfRequest(request: IncomingMessage, trusted: TrustedProxies): ClientAddress {
  const client = clientOf(request.socket);
  if (!trusted.has(client.remoteAddress)) return isLoopbackHost(client.remoteAddress) && seemsForwarded(request) ? { ...client, isForwarded: true } : client;
  // Node joins several headers of this name.
  const remoteAddress = findForwardedClient(String(request.headers['x-forwarded-for'] ?? ''), trusted);
  return remoteAddress === undefined ? client : { ...client, remoteAddress };
}
