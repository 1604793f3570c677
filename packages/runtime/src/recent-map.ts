/**
 * A bounded map that keeps what was used lately; always safe to lose. It has two generations: what is used moves to the recent one, and when
 * that has half of what may be kept, it becomes the older one, and the older one is forgotten. So a hit nearly never writes, which a
 * list by use would each time: it would rewrite the map's table again and again, and each table in old space keeps the next one alive
 * until a full collection.
 *
 * What goes is about what was unused for longest: nothing goes before half of `most` others were used after it.
 */
export class RecentMap<K, V> {
  readonly #mostRecent: number;
  #recent = new Map<K, V>();
  /** An entry that moved on stays here too until all of them go. */
  #older = new Map<K, V>();

  /** @param most entries of both generations together; two or more */
  constructor(most: number) {
    this.#mostRecent = Math.max(1, Math.floor(most / 2));
  }

  /** To ask for an entry is to use it. */
  get(key: K): V | undefined {
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const older = this.#older.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: K, value: V): void {
    if (this.#recent.size >= this.#mostRecent && !this.#recent.has(key)) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, value);
  }

  delete(key: K): void {
    this.#recent.delete(key);
    this.#older.delete(key);
  }

  clear(): void {
    this.#recent.clear();
    this.#older.clear();
  }
}
