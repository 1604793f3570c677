import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';

/** What a connection to the port of links says in its TLS handshake (ALPN) when it carries HTTP requests of another node. */
export const HTTP_PROTOCOL = 'http/1.1';

/** The most connections with requests from one other node, and to one. */
export const MAX_HTTP_CONNECTIONS = 16_384;

/** How long an idle connection is kept for further requests, in milliseconds; the accepting end keeps it longer. */
const IDLE_MS = 4000;

/** Opens and keeps the connections for requests to other nodes, whose names stand for the hosts. */
export class LinkAgent extends Agent {
  readonly #connect: (node: string) => TLSSocket;

  /** @param connect opens a connection to a node; one that fails is destroyed with an error */
  constructor(connect: (node: string) => TLSSocket) {
    super({ keepAlive: true, maxSockets: MAX_HTTP_CONNECTIONS, timeout: IDLE_MS });
    this.#connect = connect;
  }

  override createConnection(options: { host?: string | null }): Duplex {
    return this.#connect(options.host ?? '');
  }
}

/** Connections for requests, by the name of the node at the other end. */
export class HttpConnections {
  readonly #sockets = new Map<string, Set<TLSSocket>>();
  /** How many there are. */
  size = 0;
  #take: ((socket: TLSSocket) => void) | undefined;

  /** Sets who handles new connections. */
  onConnection(take: (socket: TLSSocket) => void): void {
    this.#take = take;
  }

  /** Hands on a connection of a node. @returns false if nobody handles connections, or there are too many */
  add(node: string, socket: TLSSocket): boolean {
    if (!this.#take || (this.#sockets.get(node)?.size ?? 0) >= MAX_HTTP_CONNECTIONS) return false;
    this.keep(node, socket);
    this.#take(socket);
    return true;
  }

  /** Notes a connection until it closes. */
  keep(node: string, socket: TLSSocket): void {
    const sockets = this.#sockets.get(node) ?? new Set();
    this.#sockets.set(node, sockets.add(socket));
    this.size += 1;
    socket.once('close', () => {
      this.size -= 1;
      sockets.delete(socket);
      if (sockets.size === 0 && this.#sockets.get(node) === sockets) this.#sockets.delete(node);
    });
  }

  /** Ends the connections of a node. */
  end(node: string): void {
    for (const socket of this.#sockets.get(node) ?? []) socket.destroy();
  }
}
