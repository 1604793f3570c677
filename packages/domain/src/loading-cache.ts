/** A bounded cache over rows that others may change; always safe to lose. */
export interface LoadingCacheOptions<K, V> {
  /** Entries kept; the longest unused go first. */
  maxEntries: number;
  /** Reads many keys at once; keys without a row are left out of the answer. */
  load(keys: readonly K[]): Promise<Map<K, V>>;
}

/**
 * Reads through to the database and keeps what it read until somebody says that it changed.
 * A read that was under way when its key was invalidated is answered but not kept, so a row that
 * changed meanwhile is never seen old afterwards.
 */
export class LoadingCache<K, V> {
  readonly #options: LoadingCacheOptions<K, V>;
  readonly #entries = new Map<K, V | undefined>();
  readonly #loading = new Map<K, Promise<V | undefined>>();
  #wanted = new Set<K>();
  #nextBatch: Promise<Map<K, V>> | undefined;

  constructor(options: LoadingCacheOptions<K, V>) {
    this.#options = options;
  }

  /** The value of one key, or undefined where there is none. Rejects when the database cannot be reached. */
  async get(key: K): Promise<V | undefined> {
    if (this.#entries.has(key)) return this.#touch(key);
    const running = this.#loading.get(key);
    if (running) return running;
    // Everybody who asks in this turn of the event loop is answered by one read.
    this.#nextBatch ??= Promise.resolve().then(() => {
      const keys = this.#wanted;
      this.#wanted = new Set();
      this.#nextBatch = undefined;
      return this.getMany(keys);
    });
    this.#wanted.add(key);
    return (await this.#nextBatch).get(key);
  }

  /** The values of many keys in one read; absent ones are left out. */
  async getMany(keys: Iterable<K>): Promise<Map<K, V>> {
    const found = new Map<K, V>();
    const missing: K[] = [];
    const shared: [K, Promise<V | undefined>][] = [];
    for (const key of new Set(keys)) {
      const running = this.#loading.get(key);
      if (this.#entries.has(key)) {
        const value = this.#touch(key);
        if (value !== undefined) found.set(key, value);
      } else if (running) shared.push([key, running]);
      else missing.push(key);
    }
    if (missing.length > 0) for (const [key, value] of await this.#load(missing)) found.set(key, value);
    for (const [key, running] of shared) {
      const value = await running;
      if (value !== undefined) found.set(key, value);
    }
    return found;
  }

  /** The value if it is here already; reads nothing. */
  peek(key: K): V | undefined {
    return this.#entries.get(key);
  }

  /** Forgets a key, and whatever a read under way will say of it. */
  invalidate(key: K): void {
    this.#entries.delete(key);
    this.#loading.delete(key);
  }

  /** Forgets everything: hints may have been missed. */
  clear(): void {
    this.#entries.clear();
    this.#loading.clear();
  }

  async #load(keys: K[]): Promise<Map<K, V>> {
    const rows = this.#options.load(keys);
    const own = new Map<K, Promise<V | undefined>>();
    for (const key of keys) {
      const one = rows.then((map) => map.get(key));
      // Who asked for the batch sees its failure; this copy may have no reader.
      one.catch(() => undefined);
      own.set(key, one);
      this.#loading.set(key, one);
    }
    try {
      const loaded = await rows;
      for (const [key, one] of own) {
        if (this.#loading.get(key) !== one) continue;
        this.#loading.delete(key);
        this.#keep(key, loaded.get(key));
      }
      return loaded;
    } finally {
      for (const [key, one] of own) if (this.#loading.get(key) === one) this.#loading.delete(key);
    }
  }

  #keep(key: K, value: V | undefined): void {
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#options.maxEntries) return;
    const oldest = this.#entries.keys().next();
    if (!oldest.done) this.#entries.delete(oldest.value);
  }

  /** The map's order is the order of use. */
  #touch(key: K): V | undefined {
    const value = this.#entries.get(key);
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }
}
