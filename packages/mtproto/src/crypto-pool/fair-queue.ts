interface Waiting<T> {
  item: T;
  cost: number;
  /** Total cost that its owner had been given when the item's turn came, as far as known on arrival. */
  start: number;
}

interface Line<T> {
  waiting: Waiting<T>[];
  /** Start of the owner's last item, plus the item's cost. */
  end: number;
}

/**
 * A queue that gives every owner the same share, however many items each has waiting: of owners who always have something waiting, each
 * gets the same total cost served. An owner who was away does not catch up.
 *
 * It is start-time fair queueing: each item starts where its owner's last one ended, or at the present if that is later, and the item with
 * the earliest start is next.
 */
export class FairQueue<T> {
  readonly #lines = new Map<string, Line<T>>();
  /** Start of the item that was taken last. */
  #now = 0;
  #size = 0;
  #cost = 0;

  /** Number of items. */
  get size(): number {
    return this.#size;
  }

  /** Cost of all items together. */
  get cost(): number {
    return this.#cost;
  }

  /** @param cost above 0, such as the bytes of a packet */
  push(owner: string, item: T, cost: number): void {
    let line = this.#lines.get(owner);
    if (!line) this.#lines.set(owner, (line = { waiting: [], end: 0 }));
    const start = Math.max(this.#now, line.end);
    line.end = start + cost;
    line.waiting.push({ item, cost, start });
    this.#size += 1;
    this.#cost += cost;
  }

  /** Takes the next item out of the queue. */
  shift(): T | undefined {
    let next: Line<T> | undefined;
    for (const [owner, line] of this.#lines) {
      const first = line.waiting[0];
      // What this owner got lies in the past, so it would begin at the present again.
      if (!first && line.end <= this.#now) this.#lines.delete(owner);
      else if (first && (!next || first.start < next.waiting[0]!.start)) next = line;
    }
    const taken = next?.waiting.shift();
    if (!taken) return undefined;
    this.#now = taken.start;
    this.#size -= 1;
    this.#cost -= taken.cost;
    return taken.item;
  }
}
