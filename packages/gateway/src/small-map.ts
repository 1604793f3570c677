/**
 * A map that mostly holds one entry, as most of a session's tables do: the first entry lies in the object itself, and a
 * real map is made when a second comes. An empty `Map` takes 184 bytes, which fifteen thousand idle sessions pay for each.
 * Entries come in the order in which they were added.
 */
export class SmallMap<K, V> {
  #key: K | undefined;
  #value: V | undefined;
  #hasFirst = false;
  #others: Map<K, V> | undefined;

  get size(): number {
    return (this.#hasFirst ? 1 : 0) + (this.#others?.size ?? 0);
  }

  get(key: K): V | undefined {
    return this.#hasFirst && this.#key === key ? this.#value : this.#others?.get(key);
  }

  has(key: K): boolean {
    return (this.#hasFirst && this.#key === key) || this.#others?.has(key) === true;
  }

  set(key: K, value: V): this {
    if (this.#hasFirst ? this.#key === key : this.#others === undefined) {
      this.#key = key;
      this.#value = value;
      this.#hasFirst = true;
    } else {
      (this.#others ??= new Map<K, V>()).set(key, value);
    }
    return this;
  }

  /** @returns whether it was there */
  delete(key: K): boolean {
    if (!this.#hasFirst || this.#key !== key) {
      const wasThere = this.#others?.delete(key) === true;
      if (this.#others?.size === 0) this.#others = undefined;
      return wasThere;
    }
    this.#key = undefined;
    this.#value = undefined;
    this.#hasFirst = false;
    // The oldest of the others takes the place.
    for (const [oldest, value] of this.#others ?? []) {
      this.#others!.delete(oldest);
      if (this.#others!.size === 0) this.#others = undefined;
      this.#key = oldest;
      this.#value = value;
      this.#hasFirst = true;
      break;
    }
    return true;
  }

  clear(): void {
    this.#key = undefined;
    this.#value = undefined;
    this.#hasFirst = false;
    this.#others = undefined;
  }

  /** The keys of now: what is added or deleted while one goes through them changes nothing. */
  keys(): K[] {
    // What lies in front was given as a key.
    const first = this.#hasFirst ? [this.#key as K] : [];
    return this.#others ? [...first, ...this.#others.keys()] : first;
  }

  /** The values of now. */
  values(): V[] {
    const first = this.#hasFirst ? [this.#value as V] : [];
    return this.#others ? [...first, ...this.#others.values()] : first;
  }

  [Symbol.iterator](): Iterator<[K, V]> {
    const first: [K, V][] = this.#hasFirst ? [[this.#key as K, this.#value as V]] : [];
    return [...first, ...(this.#others ?? [])][Symbol.iterator]();
  }
}
