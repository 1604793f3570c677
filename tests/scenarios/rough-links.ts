import { Transform } from 'node:stream';
import type { TestServerOptions } from '@aerogram/dev-env';
import type { Random } from '@aerogram/runtime';
import { type Direction, startTcpProxy, type TcpProxy } from '../../packages/gateway/test/tcp-proxy.ts';

/** Bytes of a connection in one direction of which all belong to the TLS handshake. */
const HANDSHAKE_BYTES = 1000;
/** Bytes before which a connection has certainly shaken hands. */
const SHAKEN_BYTES = 3000;
/** A connection that is cut later carries at most so many more bytes, by direction: what is sent back is short. */
const MOST_BYTES: Record<Direction, number> = { up: 8000, down: 1500 };
const MOST_DELAY_MS = 15;

/** Where the connections of links were cut. */
export interface CutsMade {
  inHandshake: number;
  later: number;
}

/**
 * Two data centres that dial each other through proxies, which on demand delay all that goes through and cut connections after any byte: some in the handshake of TLS, others
 * wherever that is in what they carry.
 */
export class RoughLinks implements AsyncDisposable {
  readonly #random: Random;
  readonly #proxies = new Map<number, TcpProxy>();
  readonly #targets = new Map<number, () => { host: string; port: number } | undefined>();
  #left = 0;
  #connections = 0;
  #made: CutsMade = { inHandshake: 0, later: 0 };
  #done: (() => void) | undefined;

  private constructor(random: Random) {
    this.#random = random;
  }

  static async start(random: Random): Promise<RoughLinks> {
    const links = new RoughLinks(random);
    for (const dc of [1, 2]) links.#proxies.set(dc, await startTcpProxy({ findTarget: () => links.#targets.get(dc)?.(), bend: (end) => links.#bend(end) }));
    return links;
  }

  /** Options of a data centre by which the others are told the address of the proxy. */
  optionsOf(dc: 1 | 2): TestServerOptions {
    const { host, port } = this.#proxies.get(dc)!;
    return { env: { AEROGRAM_DC_LINK_ADDRESS: `${host}:${port}` }, kit: { onServing: ({ homes }) => void this.#targets.set(dc, () => homes!.address) } };
  }

  /** Begins to cut. Resolves when so many connections were cut; from then on the links are left alone. @returns where they were cut */
  async cut(count: number): Promise<CutsMade> {
    this.#made = { inHandshake: 0, later: 0 };
    this.#left = count;
    const done = new Promise<void>((resolve) => void (this.#done = resolve));
    // Those that stand have no byte at which they would be cut.
    this.endAll();
    await done;
    return this.#made;
  }

  /** Whether connections are still being cut. */
  get isCutting(): boolean {
    return this.#left > 0;
  }

  /** Ends all connections at once. They are opened again. */
  endAll(): void {
    for (const proxy of this.#proxies.values()) proxy.endAll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#proxies.values()].map((proxy) => proxy[Symbol.asyncDispose]()));
  }

  #below(end: number): number {
    return this.#random.uint31() % end;
  }

  /** Decides at which byte of which direction a connection is cut. */
  #bend(end: () => void): (direction: Direction) => Transform {
    const isEarly = this.#connections++ % 3 === 0;
    const doomed: Direction = this.#below(2) === 0 ? 'up' : 'down';
    const cutAt = isEarly ? this.#below(HANDSHAKE_BYTES) : SHAKEN_BYTES + this.#below(MOST_BYTES[doomed]);
    const isDoomed = this.#left > 0;
    return (direction) => {
      let carried = 0;
      return new Transform({
        transform: (chunk: Buffer, _encoding, pass) => {
          const room = cutAt - carried;
          carried += chunk.length;
          const isLast = isDoomed && direction === doomed && this.#left > 0 && carried >= cutAt;
          const go = (): void => {
            pass(null, isLast ? chunk.subarray(0, Math.max(0, room)) : chunk);
            if (!isLast) return;
            this.#count(isEarly);
            setImmediate(end);
          };
          if (isDoomed) setTimeout(go, this.#below(MOST_DELAY_MS));
          else go();
        },
      });
    };
  }

  #count(isEarly: boolean): void {
    if (this.#left === 0) return;
    this.#made[isEarly ? 'inHandshake' : 'later']++;
    if (--this.#left > 0) return;
    this.#done?.();
    // Connections that are still to be cut, and slow, make room for others.
    this.endAll();
  }
}
