import { connect, createServer, type Server, type Socket } from 'node:net';

/** The two ends of a connection that a {@link Cut} carries. */
interface Carried {
  client: Socket;
  upstream: Socket;
}

/**
 * A TCP proxy on loopback between two parts of a cluster, which can be cut as a network is: while it is, nothing arrives and neither end
 * learns of it. What was under way arrives afterwards.
 */
export class Cut {
  readonly #server: Server;
  readonly #target: number;
  readonly #carried = new Set<Carried>();
  /** Connections that were begun while it was cut. */
  readonly #waiting = new Set<Socket>();
  #isCut = false;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer({ pauseOnConnect: true, noDelay: true }, (client) => this.#accept(client));
  }

  /** Carries connections from one port of loopback to another. */
  static async open(port: number, target: number): Promise<Cut> {
    const cut = new Cut(target);
    await new Promise<void>((resolve, reject) => {
      cut.#server.once('error', reject);
      cut.#server.listen(port, '127.0.0.1', resolve);
    });
    return cut;
  }

  /** From now on nothing arrives. */
  cut(): void {
    this.#isCut = true;
    for (const { client, upstream } of this.#carried) {
      client.unpipe(upstream);
      upstream.unpipe(client);
    }
  }

  /** What waits arrives, and all that follows. */
  mend(): void {
    this.#isCut = false;
    for (const one of this.#carried) this.#carry(one);
    for (const client of this.#waiting) this.#lead(client);
    this.#waiting.clear();
  }

  /** Ends all connections and takes no more. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const { client, upstream } of this.#carried) for (const socket of [client, upstream]) socket.destroy();
    for (const client of this.#waiting) client.destroy();
    await closed;
  }

  #accept(client: Socket): void {
    client.on('error', () => client.destroy());
    if (!this.#isCut) return this.#lead(client);
    this.#waiting.add(client);
    client.once('close', () => this.#waiting.delete(client));
  }

  #lead(client: Socket): void {
    if (client.destroyed) return;
    const upstream = connect({ host: '127.0.0.1', port: this.#target, noDelay: true });
    const one = { client, upstream };
    this.#carried.add(one);
    for (const socket of [client, upstream]) {
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        // The end of one side is news for the other, too.
        if (!this.#isCut) this.#drop(one);
      });
    }
    this.#carry(one);
  }

  #carry(one: Carried): void {
    const { client, upstream } = one;
    if (client.destroyed || upstream.destroyed) return this.#drop(one);
    client.pipe(upstream);
    upstream.pipe(client);
  }

  #drop(one: Carried): void {
    this.#carried.delete(one);
    one.client.destroy();
    one.upstream.destroy();
  }
}
