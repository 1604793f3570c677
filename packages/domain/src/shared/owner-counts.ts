import type { Owners } from '@aerogram/cluster';

/** What is asked of whoever counts. */
export interface Wanted {
  /** If fewer are left, none are granted. */
  least: number;
  most: number;
}

/** What was granted, and what the one who counts says about the rest: see {@link Counter}. */
export interface Grant {
  granted: number;
  rest: number;
}

/** Counts the uses of one quota, each in the name of somebody. */
export interface Counter {
  grant(whom: string, wanted: Wanted): Grant;
  giveBack(whom: string, count: number): void;
}

/** How long an owner is waited for, in milliseconds. */
const TIMEOUT_MS = 500;
/** The longest name of somebody whom a quota counts for. */
const MAX_NAME = 200;

function write(values: readonly (string | number)[]): Uint8Array {
  return Buffer.from(JSON.stringify(values));
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** @throws when the other node has sent something else */
function read(body: Uint8Array): { whom: string; counts: number[] } {
  const [whom, ...counts] = JSON.parse(Buffer.from(body).toString()) as unknown[];
  if (typeof whom !== 'string' || whom.length > MAX_NAME || !counts.every(isCount)) throw new Error('no question about a quota');
  return { whom, counts };
}

/** Counts one quota over all nodes: the uses of each person are counted by the node that owns the key `quota:<name>:<whom>`. This asks that node, and answers what others ask. */
export class OwnerCounts {
  readonly #owners: Owners | undefined;
  readonly #name: string;

  /** @param counter what this node counts, for itself and for others */
  constructor(owners: Owners | undefined, name: string, counter: Counter) {
    this.#owners = owners;
    this.#name = `quota:${name}`;
    owners?.onAsk(this.#name, (body) => {
      const { whom, counts: [least = 0, most = 0] } = read(body);
      const { granted, rest } = counter.grant(whom, { least, most });
      return write([granted, rest]);
    });
    owners?.onTell(this.#name, (body) => {
      const { whom, counts: [count = 0] } = read(body);
      counter.giveBack(whom, count);
    });
  }

  /** Number of nodes that serve. */
  get nodes(): number {
    return this.#owners?.count ?? 1;
  }

  /** The node that counts for somebody; undefined if this one does. */
  find(whom: string): string | undefined {
    return this.#owners?.find(`${this.#name}:${whom}`);
  }

  /** Asks the node that counts. @returns undefined if it does not answer */
  async ask(node: string, whom: string, { least, most }: Wanted): Promise<Grant | undefined> {
    const answer = await this.#owners?.ask(node, { kind: this.#name, body: write([whom, least, most]) }, { timeoutMs: TIMEOUT_MS });
    if (answer === undefined) return undefined;
    const [granted = 0, rest = 0] = JSON.parse(Buffer.from(answer).toString()) as number[];
    return { granted, rest };
  }

  /** Gives what was granted and not used back to the node that granted it. */
  giveBack(node: string, whom: string, count: number): void {
    this.#owners?.tell(node, { kind: this.#name, body: write([whom, count]) });
  }
}
