/**
 * Remembers keys for a limited time, and a limited number of them, in two generations. A key is remembered for at least one period unless there are
 * too many keys, and for at most two.
 */
export class SeenKeys<K> {
  readonly #most: number;
  readonly #periodS: number;
  #recent = new Set<K>();
  #older = new Set<K>();
  #begun = 0;

  /** @param most maximum number of keys @param periodS length of a period in seconds */
  constructor(most: number, periodS: number) {
    this.#most = Math.max(1, Math.floor(most / 2));
    this.#periodS = periodS;
  }

  /** Adds a key. @param nowDate unix seconds @returns false if it is remembered already */
  add(key: K, nowDate: number): boolean {
    const age = nowDate - this.#begun;
    if (age >= this.#periodS || this.#recent.size >= this.#most) {
      this.#older = age >= 2 * this.#periodS ? new Set() : this.#recent;
      this.#recent = new Set();
      this.#begun = nowDate;
    }
    if (this.#recent.has(key) || this.#older.has(key)) return false;
    this.#recent.add(key);
    return true;
  }
}
