import type { Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AddressLimits, clientOf, clientOfRequest, type GatewayConfig, isApiPath, isOriginAllowed, PORT_SETTING, SocketAdmission } from '@aerogram/gateway';
import { PEEK_BYTES, peekKeyId } from '@aerogram/mtproto';
import { type Clock, type Endpoint, listenOn, type Logger, type TimerHandle, type TrustedProxies } from '@aerogram/runtime';
import { type DomainRoute, findDomainRoute } from '../http/domain-routes.ts';
import { detachSocket } from './detach-socket.ts';
import { peekRequestTarget } from './peek-request.ts';
import { acceptUpgrade, peekWebSocket } from './websocket-peek.ts';
import type { HandedConnection } from './worker-process.ts';

export interface AcceptorDeps {
  config: Pick<GatewayConfig, 'host' | 'port' | 'maxConnections' | 'maxConnectionsPerAddress' | 'maxHandshakesPerAddress' | 'webOrigins'>;
  /** The proxies that may say who their clients are. */
  trusted: TrustedProxies;
  clock: Clock;
  log: Logger;
  /** Listens on the HTTP port, and handles those requests of both ports that stay in this process. */
  httpServer: HttpServer;
  /** Whether a worker is available for a request. */
  serves(route: DomainRoute): boolean;
  /** Passes a connection to its worker. @returns false if there is none */
  hand(connection: HandedConnection): boolean;
}

/** From the opening of a connection until its worker is known, in milliseconds. */
const FIRST_PACKET_MS = 20_000;
/** For a WebSocket: the first bytes of the stream and the headers of the frames they arrive in. For an HTTP request: its first line. */
const MAX_PEEKED_BYTES = 4096;

const SWEEP_MS = 60_000;

/** What to do with a connection, once enough of it was read. */
type Decision = () => void;

/**
 * Accepts the connections of all workers, reads enough of each to know its worker, and passes it on with the bytes read. The worker depends
 * on the key of the first packet, or on the path of the first HTTP request if that needs the domain. Other HTTP connections stay here,
 * because each of their MTProto requests may be for another worker.
 */
export class Acceptor {
  readonly #deps: AcceptorDeps;
  readonly #limits: AddressLimits;
  readonly #admission: SocketAdmission;
  readonly #server: Server;
  /** The listeners of `node:http` for new connections. */
  readonly #onHttpConnection: readonly ((socket: Socket) => void)[];
  readonly #peeked = new Set<Socket>();
  readonly #sweep: TimerHandle;

  constructor(deps: AcceptorDeps) {
    this.#deps = deps;
    this.#limits = new AddressLimits(deps.config);
    const { trusted, clock, log } = deps;
    this.#admission = new SocketAdmission({ addresses: this.#limits, trusted, clock, log });
    this.#server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      this.#admission.admit(socket, (bytes) => this.#peek(socket, bytes, (all) => this.#decideStream(socket, all)));
    });
    this.#onHttpConnection = deps.httpServer.listeners('connection') as ((socket: Socket) => void)[];
    this.#takeHttp(deps.httpServer);
    this.#sweep = deps.clock.setInterval(() => this.#limits.sweep(deps.clock.nowMs()), SWEEP_MS);
  }

  /** Gets the connections of the HTTP port before they are read, and takes its WebSockets. */
  #takeHttp(server: HttpServer): void {
    server.removeAllListeners('connection');
    server.on('connection', (socket: Socket) => {
      socket.on('error', () => socket.destroy());
      if (this.#admission.enter(socket)) this.#peekHttp(socket, Buffer.alloc(0));
      else socket.destroy();
    });
    server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
      // `node:http` only upgrades sockets of the net module.
      const client = socket as Socket;
      client.on('error', () => client.destroy());
      const answer = isApiPath(request.url) ? acceptUpgrade(request) : undefined;
      if (!isOriginAllowed(request, this.#deps.config.webOrigins)) return refuse(client, '403 Forbidden');
      if (answer === undefined) return refuse(client, '400 Bad Request');
      // From now on the connection is this client's alone.
      if (!this.#admission.name(client, clientOfRequest(request, this.#deps.trusted))) return refuse(client, '429 Too Many Requests');
      client.write(answer);
      this.#peek(client, head, (bytes) => this.#decideWebSocket(client, bytes));
    });
  }

  /** Opens the MTProto port. @throws OperatorError when the port cannot be opened */
  async listen(): Promise<Endpoint> {
    const opened = await listenOn(this.#server, this.#deps.config, PORT_SETTING);
    this.#server.on('error', (error) => this.#deps.log.error({ err: error }, 'the MTProto port failed to accept'));
    return opened;
  }

  /** Called when a connection that was passed on has ended. */
  closed({ countedFor }: HandedConnection): void {
    this.#limits.leave(countedFor);
  }

  /** Stops accepting, and closes connections that have no worker yet. */
  stop(): void {
    this.#server.close();
    this.#admission.stop();
    for (const socket of this.#peeked) socket.destroy();
    this.#sweep.cancel();
  }

  /** Reads until a decision is possible. @param head what was already read */
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

  /** Passes a connection to a worker. @returns false if there is no worker for its request; the connection is unchanged then */
  #hand(socket: Socket, what: Omit<HandedConnection, 'handle' | 'client' | 'countedFor'>): boolean {
    if (what.route && !this.#deps.serves(what.route)) return false;
    const client = clientOf(socket);
    const countedFor = this.#admission.countedFor(socket);
    const handle = detachSocket(socket);
    if (!handle) return true;
    const connection = { ...what, handle, client, countedFor };
    if (this.#deps.hand(connection)) return true;
    handle.close();
    this.closed(connection);
    return true;
  }
}

function refuse(socket: Socket, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Invalid streams also go to a worker, which refuses and counts them. */
function keyOf(stream: Uint8Array): ReturnType<typeof peekKeyId> {
  try {
    return peekKeyId(stream);
  } catch {
    return 0n;
  }
}
