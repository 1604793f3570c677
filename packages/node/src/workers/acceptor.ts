import type { Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AddressLimits, type GatewayConfig, isApiPath, isOriginAllowed, plainAddress, PORT_SETTING } from '@aerogram/gateway';
import { PEEK_BYTES, peekKeyId } from '@aerogram/mtproto';
import { type Clock, type Endpoint, listenOn, type Logger, type TimerHandle } from '@aerogram/runtime';
import { type DomainRoute, findDomainRoute } from '../http/domain-routes.ts';
import { detachSocket } from './detach-socket.ts';
import { peekRequestTarget } from './peek-request.ts';
import { acceptUpgrade, peekWebSocket } from './websocket-peek.ts';
import type { HandedConnection } from './worker-process.ts';

export interface AcceptorDeps {
  config: Pick<GatewayConfig, 'host' | 'port' | 'maxConnections' | 'maxConnectionsPerAddress' | 'maxHandshakesPerAddress' | 'webOrigins'>;
  clock: Clock;
  log: Logger;
  /** Listens on the HTTP port, and answers the requests of both ports that stay in this process. */
  httpServer: HttpServer;
  /** Whether there is a worker now that answers a request. */
  serves(route: DomainRoute): boolean;
  /** Brings a connection to its worker. @returns false when there is none */
  hand(connection: HandedConnection): boolean;
}

/** From the opening of a connection until it is known whose it is. */
const FIRST_PACKET_MS = 20_000;
/** Of a WebSocket's beginning: what the stream needs, and the heads of the frames that it may come in. Of an HTTP request its first line. */
const MAX_PEEKED_BYTES = 4096;
const SWEEP_MS = 60_000;

/** What is to be done with a connection, once enough of it was read. */
type Decision = () => void;

/**
 * Accepts the connections of all workers, reads as much of each as tells whom it is for, and hands it over with what was read: by the
 * key of its first packet, or by the path of its first HTTP request where that needs the domain. Other HTTP requests stay: those of
 * MTProto may each be for another worker.
 */
export class Acceptor {
  readonly #deps: AcceptorDeps;
  readonly #limits: AddressLimits;
  readonly #server: Server;
  /** What `node:http` does with a new connection. */
  readonly #onHttpConnection: readonly ((socket: Socket) => void)[];
  readonly #peeked = new Set<Socket>();
  readonly #counted = new WeakSet<Socket>();
  readonly #sweep: TimerHandle;

  constructor(deps: AcceptorDeps) {
    this.#deps = deps;
    this.#limits = new AddressLimits(deps.config);
    this.#server = createServer((socket) => this.#accept(socket));
    this.#onHttpConnection = deps.httpServer.listeners('connection') as ((socket: Socket) => void)[];
    this.#takeHttp(deps.httpServer);
    this.#sweep = deps.clock.setInterval(() => this.#limits.sweep(deps.clock.nowMs()), SWEEP_MS);
  }

  /** Sees the connections of the HTTP port before they are read, and takes its WebSockets. */
  #takeHttp(server: HttpServer): void {
    server.removeAllListeners('connection');
    server.on('connection', (socket: Socket) => {
      socket.on('error', () => socket.destroy());
      if (this.#enter(socket)) this.#peekHttp(socket, Buffer.alloc(0));
      else socket.destroy();
    });
    server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
      // `node:http` upgrades sockets of the net module only.
      const client = socket as Socket;
      client.on('error', () => client.destroy());
      const answer = isApiPath(request.url) ? acceptUpgrade(request) : undefined;
      if (!isOriginAllowed(request, this.#deps.config.webOrigins)) return refuse(client, '403 Forbidden');
      if (answer === undefined) return refuse(client, '400 Bad Request');
      if (!this.#enter(client)) return refuse(client, '429 Too Many Requests');
      client.write(answer);
      this.#peek(client, head, (bytes) => this.#decideWebSocket(client, bytes));
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
    this.#sweep.cancel();
  }

  #accept(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    if (this.#enter(socket)) this.#peek(socket, Buffer.alloc(0), (bytes) => this.#decideStream(socket, bytes));
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

  /** Reads until it can be decided what to do. @param head what was read already */
  #peek(socket: Socket, head: Buffer, decide: (bytes: Buffer) => Decision | undefined): void {
    let bytes = head;
    this.#peeked.add(socket);
    const timer = this.#deps.clock.setTimeout(() => socket.destroy(), FIRST_PACKET_MS);
    const forget = (): void => {
      timer.cancel();
      this.#peeked.delete(socket);
    };
    const look = (): void => {
      const decision = decide(bytes);
      if (!decision) {
        if (bytes.length > MAX_PEEKED_BYTES) socket.destroy();
        return;
      }
      forget();
      socket.off('data', take).off('close', forget);
      decision();
    };
    const take = (chunk: Buffer): void => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      look();
    };
    socket.once('close', forget);
    socket.on('data', take);
    if (head.length > 0) look();
  }

  #decideStream(socket: Socket, bytes: Buffer): Decision | undefined {
    const found = keyOf(bytes);
    if (found === 'http') return () => this.#peekHttp(socket, bytes);
    return found === undefined ? undefined : () => this.#hand(socket, { transport: 'stream', authKeyId: found, bytes });
  }

  #decideWebSocket(socket: Socket, bytes: Buffer): Decision | undefined {
    const found = keyOf(peekWebSocket(bytes, PEEK_BYTES));
    if (found === 'http') return () => socket.destroy();
    return found === undefined ? undefined : () => this.#hand(socket, { transport: 'websocket', authKeyId: found, bytes });
  }

  #peekHttp(socket: Socket, head: Buffer): void {
    this.#peek(socket, head, (bytes) => {
      const target = peekRequestTarget(bytes);
      if (target === undefined) return undefined;
      const route = findDomainRoute(target);
      return () => {
        if (!route || !this.#hand(socket, { transport: 'http', authKeyId: 0n, route, bytes })) this.#serveHere(socket, bytes);
      };
    });
  }

  #serveHere(socket: Socket, bytes: Buffer): void {
    socket.pause();
    socket.unshift(bytes);
    for (const listener of this.#onHttpConnection) listener.call(this.#deps.httpServer, socket);
    socket.resume();
  }

  /** Gives a connection to a worker. @returns false when there is none for a request, and the connection stays as it was */
  #hand(socket: Socket, what: Omit<HandedConnection, 'handle' | 'address'>): boolean {
    if (what.route && !this.#deps.serves(what.route)) return false;
    const address = plainAddress(socket.remoteAddress);
    const handle = detachSocket(socket);
    if (!handle) return true;
    const connection = { ...what, handle, address };
    if (this.#deps.hand(connection)) return true;
    handle.close();
    this.closed(connection);
    return true;
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
