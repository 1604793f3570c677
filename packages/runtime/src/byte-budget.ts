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

/** What applies where anybody can become an owner. */
export interface OpenBudget {
  /** Bytes that those who hold nothing may take beyond the limit, too: they must not take all memory. */
  most: number;
  /**
   * The group of an owner, such as the network of a client: one client can be many owners, but not many groups. Owners of a group whose others hold something leave half of what is beyond the limit to other groups.
   * Absent, or undefined for an owner: the owner is a group of its own.
   */
  groupOf?(owner: string): string | undefined;
}

/** What an owner holds. */
interface Held {
  bytes: number;
  /** The group when the owner began to hold something. */
  group: string | undefined;
}

/** How much an owner has, compared with others: less comes first, and the first difference decides. */
type Rank = readonly [tier: 0 | 1 | 2, ofGroup: number, ofOwner: number];

/**
 * Bounds the bytes that are in memory at once for all owners together. Those who work for an owner say what they hold, and wait before they
 * take more. While there is not enough for all, whoever holds least comes first, so owners get equal shares. An owner who holds nothing
 * never waits: the bound may be exceeded by one part for each owner, but nobody is shut out by others who are slow. An {@link OpenBudget} has a bound for this, too.
 */
export class ByteBudget {
  readonly #limit: number;
  readonly #open: OpenBudget;
  readonly #held = new Map<string, Held>();
  /** Bytes held by the groups that were named. */
  readonly #heldOfGroups = new Map<string, number>();
  /** In the order of arrival. */
  #waiting: Waiter[] = [];
  #total = 0;
  #isServing = false;

  /** @param limit in bytes */
  constructor(limit: number, open: OpenBudget = { most: Infinity }) {
    this.#limit = limit;
    this.#open = open;
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
    return this.#held.get(owner)?.bytes ?? 0;
  }

  /** Whether an owner may take this many bytes more now. */
  hasRoom(owner: string, bytes: number): boolean {
    const rank = this.#rank(owner);
    if (this.#total + bytes > this.#limitOf(rank)) return false;
    return rank[0] < 2 || !this.#waiting.some((other) => compare(this.#rank(other.owner), rank) <= 0);
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
    const known = this.#held.get(owner);
    const held: Held = { bytes: (known?.bytes ?? 0) + bytes, group: known === undefined ? this.#open.groupOf?.(owner) : known.group };
    this.#total += bytes;
    if (held.bytes > 0) this.#held.set(owner, held);
    else this.#held.delete(owner);
    if (held.group === undefined) return;
    const ofGroup = this.#heldByGroup(held.group) + bytes;
    if (ofGroup > 0) this.#heldOfGroups.set(held.group, ofGroup);
    else this.#heldOfGroups.delete(held.group);
  }

  #heldByGroup(group: string): number {
    return this.#heldOfGroups.get(group) ?? 0;
  }

  /** @param more bytes that the owner was promised besides what it holds */
  #rank(owner: string, more = 0): Rank {
    const known = this.#held.get(owner);
    const bytes = (known?.bytes ?? 0) + more;
    const group = known === undefined ? this.#open.groupOf?.(owner) : known.group;
    const ofGroup = group === undefined ? bytes : this.#heldByGroup(group) + more;
    return [bytes > 0 ? 2 : ofGroup > 0 ? 1 : 0, ofGroup, bytes];
  }

  /** The most bytes of all owners up to which an owner of this rank may take some. */
  #limitOf([tier]: Rank): number {
    const { most } = this.#open;
    return tier === 2 ? this.#limit : tier === 0 ? most : this.#limit + (most - this.#limit) / 2;
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
        const rankOf = ({ owner }: Waiter): Rank => this.#rank(owner, promised.get(owner));
        let [next, rank] = [this.#waiting[0]!, rankOf(this.#waiting[0]!)];
        for (const waiter of this.#waiting) {
          const other = rankOf(waiter);
          if (compare(other, rank) < 0) [next, rank] = [waiter, other];
        }
        if (this.#total + promisedTotal + next.bytes > this.#limitOf(rank)) return;
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

function compare(one: Rank, other: Rank): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}
