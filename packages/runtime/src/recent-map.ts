/**
 * A bounded cache of recently used entries. It has two generations: a used entry moves to the recent one. When that holds half of the
 * maximum, it becomes the older one, and the previous older one is dropped. So a hit hardly ever writes, unlike in an LRU list: rewriting
 * the map's table again and again is costly, and each table in V8's old space keeps the next one alive until a full collection.
 *
 * Roughly the least recently used entries are dropped: none is dropped before half of `most` other entries were used after it.
 */
export class RecentMap<K, V> {
  readonly #mostRecent: number;
  #recent = new Map<K, V>();
  /** An entry that moved to the recent generation also stays here until this generation is dropped. */
  #older = new Map<K, V>();

  /** @param most maximum entries of both generations together; at least two */
  constructor(most: number) {
    this.#mostRecent = Math.max(1, Math.floor(most / 2));
  }

  /** Returns an entry and marks it as used. */
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
