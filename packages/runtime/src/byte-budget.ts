interface Waiter {
  owner: string;
  bytes: number;
  run: () => void;
}

/** Bytes that one part of the program holds for an owner. */
export interface ByteHold {
  readonly bytes: number;
  /** Sets how many bytes are held, whether there is room or not. @param owner for whom; by default as before */
  set(bytes: number, owner?: string): void;
}

/**
 * Bounds the bytes that are in memory at once for all owners together. Those who work for an owner say what they hold, and wait before they
 * take more. While there is not enough for all, whoever holds least comes first, so owners get equal shares. An owner who holds nothing
 * never waits: the bound may be exceeded by one part for each owner, but nobody is shut out by others who are slow.
 */
export class ByteBudget {
  readonly #limit: number;
  readonly #most: number;
  readonly #held = new Map<string, number>();
  /** In the order of arrival. */
  #waiting: Waiter[] = [];
  #total = 0;
  #isServing = false;

  /**
   * @param limit in bytes
   * @param most bytes that those who hold nothing may take beyond the limit, too: where anybody can become an owner, they must not take all memory
   */
  constructor(limit: number, most = Infinity) {
    this.#limit = limit;
    this.#most = most;
  }

  /** Bytes held by all owners. */
  get total(): number {
    return this.#total;
  }

  /** Number of those who wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Bytes held for an owner. */
  heldBy(owner: string): number {
    return this.#held.get(owner) ?? 0;
  }

  /** Whether an owner may take this many bytes more now. */
  hasRoom(owner: string, bytes: number): boolean {
    const held = this.heldBy(owner);
    if (held === 0) return this.#total + bytes <= this.#most;
    return this.#total + bytes <= this.#limit && !this.#waiting.some((other) => this.heldBy(other.owner) <= held);
  }

  /** Runs `run` as soon as an owner may take this many bytes, perhaps at once. The caller then says what it holds. */
  whenRoom(owner: string, bytes: number, run: () => void): Disposable {
    const waiter: Waiter = { owner, bytes, run };
    if (this.hasRoom(owner, bytes)) run();
    else this.#waiting.push(waiter);
    return { [Symbol.dispose]: () => this.#leave(waiter) };
  }

  /** Begins to count what one part of the program holds; at first nothing. */
  open(owner: string): ByteHold {
    let current = { owner, bytes: 0 };
    const set = (bytes: number, of = current.owner): void => {
      if (bytes === current.bytes && of === current.owner) return;
      const isLess = bytes < current.bytes || of !== current.owner;
      this.#add(current.owner, -current.bytes);
      this.#add(of, bytes);
      current = { owner: of, bytes };
      if (isLess) this.#serve();
    };
    return {
      get bytes() {
        return current.bytes;
      },
      set,
    };
  }

  #add(owner: string, bytes: number): void {
    const held = this.heldBy(owner) + bytes;
    this.#total += bytes;
    if (held > 0) this.#held.set(owner, held);
    else this.#held.delete(owner);
  }

  #leave(waiter: Waiter): void {
    if (!this.#waiting.includes(waiter)) return;
    this.#waiting = this.#waiting.filter((other) => other !== waiter);
    this.#serve();
  }

  /** Lets those go on for whom there is room now, whoever holds least first. */
  #serve(): void {
    if (this.#isServing) return;
    this.#isServing = true;
    // What was promised here counts, because not everybody takes it at once.
    const promised = new Map<string, number>();
    let promisedTotal = 0;
    try {
      while (this.#waiting.length > 0) {
        let next = this.#waiting[0]!;
        const heldWith = ({ owner }: Waiter): number => this.heldBy(owner) + (promised.get(owner) ?? 0);
        for (const waiter of this.#waiting) if (heldWith(waiter) < heldWith(next)) next = waiter;
        if (this.#total + promisedTotal + next.bytes > (heldWith(next) > 0 ? this.#limit : this.#most)) return;
        this.#waiting.splice(this.#waiting.indexOf(next), 1);
        const before = this.#total;
        next.run();
        const left = Math.max(0, next.bytes - Math.max(0, this.#total - before));
        promised.set(next.owner, (promised.get(next.owner) ?? 0) + left);
        promisedTotal += left;
      }
    } finally {
      this.#isServing = false;
    }
  }
}
