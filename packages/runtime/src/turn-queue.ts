/** Limits and order of a {@link TurnQueue}. */
export interface TurnQueueOptions<K> {
  /** The most items in all. */
  max: number;
  /** The most items of one account. */
  maxPerAccount: number;
  /** How much an account has used of what the items need. Accounts that have used less are served first. Without it, all have used the same. */
  usedBy?(account: K): number;
}

/** A queue, bounded if told so, that serves accounts in turn, so that nobody waits for all the items of another account. */
export class TurnQueue<K, T> {
  readonly #options: TurnQueueOptions<K>;
  /** Accounts with items, in the order in which they are served. */
  readonly #waiting = new Map<K, T[]>();
  #size = 0;

  constructor(options: TurnQueueOptions<K> = { max: Infinity, maxPerAccount: Infinity }) {
    this.#options = options;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds an item. @returns false if there is no room for it */
  add(account: K, item: T): boolean {
    const own = this.#waiting.get(account);
    if (this.#size >= this.#options.max || (own?.length ?? 0) >= this.#options.maxPerAccount) return false;
    if (own === undefined) this.#waiting.set(account, [item]);
    else own.push(item);
    this.#size++;
    return true;
  }

  /** Takes the next item of the account that has used least; of several such accounts, of the one that has waited longest for its turn. */
  take(): T | undefined {
    const account = this.#findFirst();
    const items = account === undefined ? undefined : this.#waiting.get(account);
    if (account === undefined || items === undefined) return undefined;
    const item = items.shift()!;
    this.#size--;
    this.#waiting.delete(account);
    // The others come first.
    if (items.length > 0) this.#waiting.set(account, items);
    return item;
  }

  /**
   * Makes room in a full queue for an item of an account that has few, so that no accounts can keep others out by the number of their items.
   * @returns the newest item of the account with the most items, which was removed; undefined if that account has hardly more items than this one, or there is room
   */
  makeRoom(account: K): T | undefined {
    if (this.#size < this.#options.max) return undefined;
    let longest: T[] = [];
    for (const items of this.#waiting.values()) if (items.length > longest.length) longest = items;
    // Both would change places for ever otherwise. The longest list is not emptied: it has two items at least.
    if (longest.length <= (this.#waiting.get(account)?.length ?? 0) + 1) return undefined;
    this.#size--;
    return longest.pop();
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

  #findFirst(): K | undefined {
    const { usedBy } = this.#options;
    let [first, least]: [K | undefined, number] = [undefined, Infinity];
    for (const account of this.#waiting.keys()) {
      const used = usedBy?.(account) ?? 0;
      if (used >= least) continue;
      [first, least] = [account, used];
      if (usedBy === undefined) break;
    }
    return first;
  }
}
