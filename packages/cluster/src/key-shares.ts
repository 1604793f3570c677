import { ownerOf } from './owners.ts';

/** What a node reads of its cluster. */
export interface Generation {
  /** Its number. */
  generation: number;
  /** Names of those that divide the keys between them. */
  members: readonly string[];
  /** Whether all who served by an earlier generation have seen this one, or are lost. */
  isSettled: boolean;
}

/** Older generations that are remembered; if more are not settled, a node waits for the newest one. */
const MOST_REMEMBERED = 16;

/**
 * Which keys a node serves, by the generations that it has read. A key has one owner in each generation, but whoever owned it before may still be at work
 * until the generation is settled.
 */
export class KeyShares {
  readonly #self: string;
  /** The members of the newest generation, after those of the ones before it back to the last that was settled. */
  #read: (readonly string[])[] = [];
  #generation = 0;

  constructor(self: string) {
    this.#self = self;
  }

  /** The newest generation that was read. */
  get generation(): number {
    return this.#generation;
  }

  /** Takes what was read. A generation without members changes nothing: the last one that leaves serves until it ends. */
  read({ generation, members, isSettled }: Generation): void {
    if (members.length === 0) return;
    const before = this.#read.at(-1);
    const isSame = before !== undefined && before.join() === members.join();
    this.#generation = generation;
    // Who served before the first one is not known.
    if (before === undefined && !isSettled) this.#read.push([]);
    if (isSettled) this.#read = [isSame ? before : members];
    else if (!isSame) this.#read.push(members);
    // The oldest are merged into one in which this node owns nothing.
    if (this.#read.length > MOST_REMEMBERED) this.#read = [[], ...this.#read.slice(-MOST_REMEMBERED + 1)];
  }

  /** The member that a key belongs to; undefined before anybody serves. @param key see {@link ownerOf} */
  ownerOf(key: string | bigint): string | undefined {
    const members = this.#read.at(-1);
    return members && ownerOf(key, members);
  }

  /** Whether this node owns the key, and nobody else serves it. */
  isServed(key: string | bigint): boolean {
    return this.ownerOf(key) === this.#self && this.isFree(key);
  }

  /** Whether nobody else serves a key of this node: it has owned it in all generations since the last that was settled. */
  isFree(key: string | bigint): boolean {
    return this.#read.length === 1 || this.#read.slice(0, -1).every((members) => members.length > 0 && ownerOf(key, members) === this.#self);
  }
}
