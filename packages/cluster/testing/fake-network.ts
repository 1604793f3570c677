import type { Clock, Random } from '@aerogram/runtime';
import { ownerOf } from '../src/owners.ts';
import type { Owners } from '../src/owners-of-keys.ts';

type Handler = (body: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** Nodes that ask one another without sockets. Questions and answers take up to `delayMs`. */
export class FakeNetwork {
  /** The members; a test may set others. */
  names = ['a', 'b', 'c'];
  /** Number of questions so far. */
  asked = 0;
  /** Names of nodes that do not answer. */
  readonly silent = new Set<string>();
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #delayMs: number;
  readonly #asks = new Map<string, Handler>();
  readonly #tells = new Map<string, (body: Uint8Array) => void>();

  constructor(clock: Clock, random: Random, delayMs = 0) {
    this.#clock = clock;
    this.#random = random;
    this.#delayMs = delayMs;
  }

  /** A number that, after a prefix, is a key that a node owns. */
  keyOf(node: string, prefix: string): string {
    for (let i = 1; ; i++) if (ownerOf(`${prefix}${i}`, this.names) === node) return String(i);
  }

  /** The members as each of them sees them. */
  nodes(): (Owners & { name: string })[] {
    return this.names.map((name) => this.#node(name));
  }

  #node(name: string): Owners & { name: string } {
    return {
      name,
      count: this.names.length,
      find: (key) => {
        const owner = ownerOf(key, this.names);
        return owner === name ? undefined : owner;
      },
      ask: async (node, { kind, body }, { timeoutMs }) => {
        this.asked++;
        if (this.silent.has(node)) {
          await this.#wait(timeoutMs);
          return undefined;
        }
        await this.#wait(this.#delay());
        const answer = await Promise.resolve(body).then(this.#asks.get(`${node} ${kind}`)).catch(() => undefined);
        await this.#wait(this.#delay());
        return answer;
      },
      tell: (node, { kind, body }) => void this.#wait(this.#delay()).then(() => this.#tells.get(`${node} ${kind}`)!(body)),
      onAsk: (kind, handler) => void this.#asks.set(`${name} ${kind}`, handler),
      onTell: (kind, handler) => void this.#tells.set(`${name} ${kind}`, handler),
    };
  }

  #delay(): number {
    return this.#delayMs === 0 ? 0 : this.#random.uint31() % this.#delayMs;
  }

  #wait(ms: number): Promise<void> {
    return ms === 0 ? Promise.resolve() : new Promise((resolve) => void this.#clock.setTimeout(resolve, ms));
  }
}
