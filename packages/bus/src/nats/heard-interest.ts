import { PART, readInterest } from './interest-list.ts';

/** What another node listens to, as far as it has told. Until it has told everything without a hole, it may listen to anything. */
export class HeardInterest {
  #keys: Set<number> | undefined;
  /** Everything, of which not all parts have come yet. */
  #next: Set<number> | undefined;
  /** Whether it told more than is kept. */
  #isTooLarge = false;

  /** Whether asking for everything is of use. */
  get isWanted(): boolean {
    return this.#keys === undefined && !this.#isTooLarge;
  }

  /** How many keys are kept. */
  get size(): number {
    return (this.#keys?.size ?? 0) + (this.#next?.size ?? 0);
  }

  /** Whether the node listens to a topic, or may do so. */
  mayHave(key: number): boolean {
    return this.#keys?.has(key) ?? true;
  }

  /** Takes note that something that the node told was not heard. */
  forget(): void {
    this.#keys = undefined;
    this.#next = undefined;
    this.#isTooLarge = false;
  }

  /**
   * Reads what the node tells, in its order.
   * @param room how many further keys may be kept; beyond it nothing is known of the node
   * @returns whether it can be read
   */
  hear(body: Buffer, room: number): boolean {
    const told = readInterest(body);
    if (told === undefined) {
      this.forget();
      return false;
    }
    if ((told.parts & PART.first) !== 0) {
      this.#next = new Set();
      this.#isTooLarge = false;
    }
    if (told.keys.length > room) {
      this.forget();
      this.#isTooLarge = true;
      return true;
    }
    // What changes while everything is told, belongs to both.
    const sets = told.parts === PART.changes ? [this.#keys, this.#next] : [this.#next];
    for (const set of sets) if (set !== undefined) change(set, told.keys);
    if ((told.parts & PART.last) !== 0 && this.#next !== undefined) {
      this.#keys = this.#next;
      this.#next = undefined;
    }
    return true;
  }
}

function change(set: Set<number>, keys: readonly number[]): void {
  for (const key of keys) {
    if (key > 0) set.add(key);
    else set.delete(-key);
  }
}
