import { connect, createServer, type Server, type Socket } from 'node:net';
import type { ServerInfo } from './server-info.ts';
import type { Serving } from './serving.ts';

/** A connection that a front carries. */
interface Carried {
  client: Socket;
  upstream: Socket;
  /** The node at its other end. */
  node: number;
}

/**
 * Stands before the nodes of a cluster as HAProxy does: an address for each node leads to this node as long as it takes connections, else to the next one
 * that does. A client that knows one address comes back by another node with its key.
 */
export class NodeFronts implements AsyncDisposable {
  readonly #nodes: readonly Serving[];
  readonly #servers: readonly Server[];
  readonly #carried = new Set<Carried>();
  /** Nodes that get no new connections. */
  readonly #spared = new Set<number>();

  private constructor(nodes: readonly Serving[]) {
    this.#nodes = nodes;
    this.#servers = nodes.map((_, first) => createServer({ pauseOnConnect: true, noDelay: true }, (client) => this.#lead(client, first)));
  }

  /** Opens a port of loopback for each node. @param nodes which keep their ports when they are started again */
  static async open(nodes: readonly Serving[]): Promise<NodeFronts> {
    const fronts = new NodeFronts(nodes);
    for (const server of fronts.#servers) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', resolve);
      });
    }
    return fronts;
  }

  /** What a client is to know that comes by this node if it can. */
  infoOf(node: number): ServerInfo {
    const { port } = this.#servers[node]!.address() as { port: number };
    const { info } = this.#nodes[node]!;
    return { ...info, mtproto: { ...info.mtproto, host: '127.0.0.1', port } };
  }

  /** Gives a node no new connections, as after a health check that it did not pass. Those that it has stay. */
  spare(node: number): void {
    this.#spared.add(node);
  }

  /** Gives it connections again. */
  use(node: number): void {
    this.#spared.delete(node);
  }

  /** Closes the connections that lead to a node. */
  cut(node: number): void {
    for (const one of this.#carried) if (one.node === node) one.client.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const { client } of this.#carried) client.destroy();
    await Promise.all(closed);
  }

  /** Leads a client to the first node, in turn, that takes its connection, or to none. */
  #lead(client: Socket, first: number): void {
    const order = this.#nodes.map((_, at) => (first + at) % this.#nodes.length).filter((node) => !this.#spared.has(node));
    client.on('error', () => client.destroy());
    const tryNext = (): void => {
      const node = order.shift();
      if (node === undefined || client.destroyed) return void client.destroy();
      const { host, port } = this.#nodes[node]!.info.mtproto;
      const upstream = connect({ host, port, noDelay: true });
      upstream.once('error', tryNext);
      upstream.once('connect', () => {
        upstream.off('error', tryNext);
        this.#carry({ client, upstream, node });
      });
    };
    tryNext();
  }

  #carry(one: Carried): void {
    const { client, upstream } = one;
    this.#carried.add(one);
    upstream.on('error', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
    client.once('close', () => {
      this.#carried.delete(one);
      upstream.destroy();
    });
    if (client.destroyed) return void upstream.destroy();
    client.pipe(upstream);
    upstream.pipe(client);
  }
}
