/**
 * A map for tables that mostly hold one entry, like most tables of a session. The first entry is stored in the object itself; a real `Map`
 * is created for the second. An empty `Map` takes 184 bytes, which adds up over fifteen thousand idle sessions. Entries are iterated in
 * insertion order.
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

  /** @returns whether the key was present */
  delete(key: K): boolean {
    if (!this.#hasFirst || this.#key !== key) {
      const wasThere = this.#others?.delete(key) === true;
      if (this.#others?.size === 0) this.#others = undefined;
      return wasThere;
    }
    this.#key = undefined;
    this.#value = undefined;
    this.#hasFirst = false;
    // The oldest of the other entries becomes the first.
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

  /** A snapshot of the keys: entries may be added or deleted while iterating over it. */
  keys(): K[] {
    // `#hasFirst` says that a key is stored, which may itself be undefined.
    const first = this.#hasFirst ? [this.#key as K] : [];
    return this.#others ? [...first, ...this.#others.keys()] : first;
  }

  /** A snapshot of the values. */
  values(): V[] {
    const first = this.#hasFirst ? [this.#value as V] : [];
    return this.#others ? [...first, ...this.#others.values()] : first;
  }

  [Symbol.iterator](): Iterator<[K, V]> {
    const first: [K, V][] = this.#hasFirst ? [[this.#key as K, this.#value as V]] : [];
    return [...first, ...(this.#others ?? [])][Symbol.iterator]();
  }
}
