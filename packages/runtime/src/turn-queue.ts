/** Limits of a {@link TurnQueue}. */
export interface TurnQueueLimits {
  /** The most items in all. */
  max: number;
  /** The most items of one account. */
  maxPerAccount: number;
}

/** A queue, bounded if told so, that serves accounts in turn, so that nobody waits for all the items of another account. */
export class TurnQueue<K, T> {
  readonly #limits: TurnQueueLimits;
  /** Accounts with items, in the order in which they are served. */
  readonly #waiting = new Map<K, T[]>();
  #size = 0;

  constructor(limits: TurnQueueLimits = { max: Infinity, maxPerAccount: Infinity }) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds an item. @returns false if there is no room for it */
  add(account: K, item: T): boolean {
    const own = this.#waiting.get(account);
    if (this.#size >= this.#limits.max || (own?.length ?? 0) >= this.#limits.maxPerAccount) return false;
    if (own === undefined) this.#waiting.set(account, [item]);
    else own.push(item);
    this.#size++;
    return true;
  }

  /** Takes the next item of the account that has waited longest for its turn. */
  take(): T | undefined {
    for (const [account, items] of this.#waiting) {
      const item = items.shift()!;
      this.#size--;
      this.#waiting.delete(account);
      // The others come first.
      if (items.length > 0) this.#waiting.set(account, items);
      return item;
    }
    return undefined;
  }

  /** Removes an item that does not wait any longer. @returns whether it was there */
  remove(account: K, item: T): boolean {
    const items = this.#waiting.get(account);
    const at = items?.indexOf(item) ?? -1;
    if (items === undefined || at === -1) return false;
    items.splice(at, 1);
    this.#size--;
    if (items.length === 0) this.#waiting.delete(account);
    return true;
  }
}
