import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AddressLimits, type GatewayConfig, isApiPath, isOriginAllowed, plainAddress, PORT_SETTING } from '@aerogram/gateway';
import { PEEK_BYTES, peekKeyId } from '@aerogram/mtproto';
import { type Clock, type Endpoint, listenOn, type Logger, type TimerHandle } from '@aerogram/runtime';
import { detachSocket } from './detach-socket.ts';
import { acceptUpgrade, peekWebSocket } from './websocket-peek.ts';
import type { HandedConnection } from './worker-process.ts';

export interface AcceptorDeps {
  config: Pick<GatewayConfig, 'host' | 'port' | 'maxConnections' | 'maxConnectionsPerAddress' | 'maxHandshakesPerAddress' | 'webOrigins'>;
  clock: Clock;
  log: Logger;
  /** Answers the HTTP requests of both ports. */
  onRequest: RequestListener;
  /** Brings a connection to its worker. @returns false when there is none */
  hand(connection: HandedConnection): boolean;
}

/** From the opening of a connection until it is known whose it is. */
const FIRST_PACKET_MS = 20_000;
/** Of a WebSocket's beginning: what the stream needs, and the heads of the frames that it may come in. */
const MAX_PEEKED_BYTES = 16 * PEEK_BYTES;
const SWEEP_MS = 60_000;

/**
 * Accepts the connections of all workers, reads as much of each as tells its key, and hands it over with what was read.
 * Only HTTP requests stay: each may be for another worker.
 */
export class Acceptor {
  readonly #deps: AcceptorDeps;
  readonly #limits: AddressLimits;
  readonly #server: Server;
  /** Speaks with those that speak HTTP on the MTProto port; it never listens itself. */
  readonly #http: HttpServer;
  readonly #peeked = new Set<Socket>();
  readonly #counted = new WeakSet<Socket>();
  readonly #sweep: TimerHandle;

  constructor(deps: AcceptorDeps) {
    this.#deps = deps;
    this.#limits = new AddressLimits(deps.config);
    this.#server = createServer((socket) => this.#accept(socket));
    this.#http = createHttpServer({ requireHostHeader: false }, deps.onRequest);
    this.#http.on('clientError', (_error, socket) => socket.destroy());
    this.attach(this.#http);
    this.#sweep = deps.clock.setInterval(() => this.#limits.sweep(deps.clock.nowMs()), SWEEP_MS);
  }

  /** Takes the WebSockets of an HTTP server. */
  attach(server: HttpServer): void {
    server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
      // `node:http` upgrades sockets of the net module only.
      const client = socket as Socket;
      client.on('error', () => client.destroy());
      const answer = isApiPath(request.url) ? acceptUpgrade(request) : undefined;
      if (!isOriginAllowed(request, this.#deps.config.webOrigins)) return refuse(client, '403 Forbidden');
      if (answer === undefined) return refuse(client, '400 Bad Request');
      if (!this.#enter(client)) return refuse(client, '429 Too Many Requests');
      client.write(answer);
      this.#peek(client, 'websocket', head);
    });
  }

  /** Opens the MTProto port. @throws OperatorError when the port cannot be had */
  async listen(): Promise<Endpoint> {
    const opened = await listenOn(this.#server, this.#deps.config, PORT_SETTING);
    this.#server.on('error', (error) => this.#deps.log.error({ err: error }, 'the MTProto port failed to accept'));
    return opened;
  }

  /** A connection that was handed over is over. */
  closed({ address }: HandedConnection): void {
    this.#limits.leave(address);
  }

  /** Accepts no more, and closes what is nobody's yet. */
  stop(): void {
    this.#server.close();
    for (const socket of this.#peeked) socket.destroy();
    this.#http.close();
    this.#http.closeAllConnections();
    this.#sweep.cancel();
  }

  #accept(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    if (this.#enter(socket)) this.#peek(socket, 'stream', Buffer.alloc(0));
    else socket.destroy();
  }

  /** Counts a connection, once. @returns false when there are too many */
  #enter(socket: Socket): boolean {
    if (this.#counted.has(socket)) return true;
    const address = plainAddress(socket.remoteAddress);
    if (this.#limits.enter(address, this.#deps.clock.nowMs()) !== undefined) return false;
    this.#counted.add(socket);
    socket.once('close', () => this.#limits.leave(address));
    return true;
  }

  /** Reads until the key is known. @param head what was read already */
  #peek(socket: Socket, transport: HandedConnection['transport'], head: Buffer): void {
    let bytes = head;
    this.#peeked.add(socket);
    const timer = this.#deps.clock.setTimeout(() => socket.destroy(), FIRST_PACKET_MS);
    const forget = (): void => {
      timer.cancel();
      this.#peeked.delete(socket);
    };
    const look = (): void => {
      const stream = transport === 'stream' ? bytes : peekWebSocket(bytes, PEEK_BYTES);
      const found = keyOf(stream);
      if (found === undefined) {
        if (bytes.length > MAX_PEEKED_BYTES) socket.destroy();
        return;
      }
      forget();
      if (found === 'http') {
        socket.off('data', take).off('close', forget);
        return transport === 'stream' ? this.#serveHttp(socket, bytes) : void socket.destroy();
      }
      this.#hand(socket, transport, found, bytes);
    };
    const take = (chunk: Buffer): void => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      look();
    };
    socket.once('close', forget);
    socket.on('data', take);
    if (head.length > 0) look();
  }

  #serveHttp(socket: Socket, bytes: Buffer): void {
    socket.pause();
    socket.unshift(bytes);
    this.#http.emit('connection', socket);
    socket.resume();
  }

  #hand(socket: Socket, transport: HandedConnection['transport'], authKeyId: bigint, bytes: Buffer): void {
    const address = plainAddress(socket.remoteAddress);
    const handle = detachSocket(socket);
    if (!handle) return;
    const connection = { transport, authKeyId, bytes, handle, address };
    if (this.#deps.hand(connection)) return;
    handle.close();
    this.closed(connection);
  }
}

function refuse(socket: Socket, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Nonsense goes to a worker too: it knows how to refuse, and counts it. */
function keyOf(stream: Uint8Array): ReturnType<typeof peekKeyId> {
  try {
    return peekKeyId(stream);
  } catch {
    return 0n;
  }
}
