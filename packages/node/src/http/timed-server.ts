import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Clock, TimerHandle } from '@aerogram/runtime';
import type { KeyPair } from './certificate-files.ts';
import { isUpload } from './domain-routes.ts';

/** How long the head of a request may take to arrive, in milliseconds. */
const HEAD_MS = 60_000;
/** How long the handshake of TLS may take, in milliseconds. */
const HANDSHAKE_MS = 20_000;
/** How long a whole request may take to arrive, in milliseconds, unless it is an upload. */
const REQUEST_MS = 300_000;
/** An upload may take as long as it likes, if at least so many bytes arrive in each such time: 1 KiB a second. */
const UPLOAD = { windowMs: 60_000, bytes: 60 * 1024 } as const;
/**
 * How long a connection waits for its next request, in milliseconds. A client or proxy that sends a request just when the server closes the connection gets a reset instead
 * of an answer, and must not repeat a POST. So this is longer than they keep unused connections: nginx for 60 s, bots while they prepare a large file.
 */
const IDLE_MS = 75_000;
/** How often the requests that are arriving are looked at, in milliseconds. */
const LOOK_MS = 15_000;

/** A request whose body may still be arriving. */
interface Arriving {
  request: IncomingMessage;
  response: ServerResponse;
  beganMs: number;
  /** Since when, and from which byte of the connection on, the bytes of an upload are counted. */
  sinceMs: number;
  sinceBytes: number;
}

/**
 * Creates an HTTP server that ends requests which do not arrive in time. Node.js has one limit for all requests of a server; here uploads, which may be gigabytes over a
 * slow line, only have to go on.
 *
 * @param tls a certificate, with which the server speaks https
 */
export function createTimedServer(clock: Clock, listener: (request: IncomingMessage, response: ServerResponse) => void, tls?: KeyPair): Server {
  /** The last request of each connection that has one with a body. */
  const arriving = new Map<Socket, Arriving>();

  /** Connections whose end is waited for. */
  const known = new WeakSet<Socket>();
  // MTProto over HTTP does not need a Host header.
  const options = { requireHostHeader: false, headersTimeout: HEAD_MS, requestTimeout: 0, keepAliveTimeout: IDLE_MS };
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    if (hasBody(request)) {
      const nowMs = clock.monotonicMs();
      arriving.set(socket, { request, response, beganMs: nowMs, sinceMs: nowMs, sinceBytes: socket.bytesRead });
      if (!known.has(socket)) {
        known.add(socket);
        socket.once('close', () => arriving.delete(socket));
      }
      lookLater();
    }
    listener(request, response);
  };
  let timer: TimerHandle | undefined;
  const look = (): void => {
    timer = undefined;
    const nowMs = clock.monotonicMs();
    for (const [socket, one] of arriving) {
      if (one.request.complete) arriving.delete(socket);
      else if (isLate(one, nowMs)) end(one);
    }
    if (arriving.size > 0) lookLater();
  };
  // Only while something arrives: the server need not listen itself.
  const lookLater = (): void => {
    timer ??= clock.setTimeout(look, LOOK_MS);
  };
  const server = tls === undefined ? createServer(options, onRequest) : createTlsServer({ ...options, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS }, onRequest);
  server.once('close', () => timer?.cancel());
  return server;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Whether a request has taken too long so far. Counts the bytes of uploads anew when their time is over. */
function isLate(arriving: Arriving, nowMs: number): boolean {
  const { request, beganMs, sinceMs, sinceBytes } = arriving;
  if (!isUpload(request)) return nowMs - beganMs >= REQUEST_MS;
  // The client cannot send while the server does not read, such as when there is no room.
  const isWaiting = request.readableFlowing !== true;
  if (!isWaiting && nowMs - sinceMs < UPLOAD.windowMs) return false;
  const { bytesRead } = request.socket;
  Object.assign(arriving, { sinceMs: nowMs, sinceBytes: bytesRead });
  return !isWaiting && bytesRead - sinceBytes < UPLOAD.bytes;
}

function end({ request, response }: Arriving): void {
  if (response.headersSent) request.socket.destroy();
  else response.writeHead(408, { Connection: 'close', 'Content-Length': 0 }).end();
}
