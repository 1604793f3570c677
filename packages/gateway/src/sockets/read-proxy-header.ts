import type { Socket } from 'node:net';
import type { Clock } from '@aerogram/runtime';
import { type ClientAddress, clientOf } from '../client-address.ts';
import { parseProxyHeader, type ProxiedEnds } from './proxy-header.ts';

/** From the opening of a proxy's connection to the end of its header, in milliseconds. */
const HEADER_MS = 5_000;

/** What becomes of a proxy's connection. */
export interface ProxyHeaderOwner {
  /** The connection is no longer read for its header. Called once: before one of the others, or when the connection was closed. */
  onDone(): void;
  /** The header has arrived. @param rest the bytes behind it, to be used at once: the socket goes on to be read */
  onClient(client: ClientAddress, rest: Buffer): void;
  /** The connection must be closed. @param why in plain words; undefined if nothing arrived in time */
  onRefused(why: string | undefined): void;
}

/**
 * Reads the PROXY header of a connection that a trusted proxy has opened. If the connection is closed before it is complete, as by a
 * health check that only connects, only `onDone` is called.
 */
export function readProxyHeader(socket: Socket, clock: Clock, owner: ProxyHeaderOwner): void {
  let bytes: Buffer = Buffer.alloc(0);
  const forget = (): void => {
    timer.cancel();
    socket.off('data', take).off('close', forget);
    owner.onDone();
  };
  const timer = clock.setTimeout(() => {
    forget();
    owner.onRefused(bytes.length === 0 ? undefined : 'the PROXY header did not arrive in time');
  }, HEADER_MS);
  const take = (chunk: Buffer): void => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    const header = parseProxyHeader(bytes);
    if (header.kind === 'need-more') return;
    forget();
    if (header.kind === 'invalid') owner.onRefused(header.why);
    else owner.onClient(clientBehind(header.ends, socket), bytes.subarray(header.length));
  };
  socket.on('data', take).once('close', forget);
}

function clientBehind(ends: ProxiedEnds | undefined, socket: Socket): ClientAddress {
  if (!ends) return clientOf(socket);
  const { source, destination } = ends;
  return { remoteAddress: source.address, localAddress: destination.address, localPort: destination.port };
}
