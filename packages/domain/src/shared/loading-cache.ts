import { RecentMap } from '@aerogram/runtime';

/** Options of a bounded cache of rows that others may change. */
export interface LoadingCacheOptions<K, V> {
  /** Maximum number of entries; the least recently used ones are dropped first, approximately. */
  maxEntries: number;
  /** Reads many keys at once. Keys without a row are left out of the result. */
  load(keys: readonly K[]): Promise<Map<K, V>>;
}

/** One in this many entries is reserved for values that have not been requested again since they were read. */
const FRESH_SHARE = 8;

/** Stored in place of a value when the database has no row for the key. */
const ABSENT = Symbol('absent');

/**
 * A read-through cache that keeps rows until they are invalidated. If a key is invalidated while it is being read, the result is returned
 * but not kept, so that an outdated row never stays in the cache.
 */
export class LoadingCache<K, V> {
  readonly #options: LoadingCacheOptions<K, V>;
  /** Values that have been requested again since they were read. */
  readonly #used: RecentMap<K, V | typeof ABSENT>;
  /**
   * Values that have not been requested since they were read. Users scroll through lists of strangers once: such entries must not displace
   * the frequently used ones, nor stay among long-lived objects, where they fragment the heap.
   */
  #fresh = new Map<K, V | typeof ABSENT>();
  readonly #loading = new Map<K, Promise<Map<K, V>>>();
  #wanted = new Set<K>();
  #nextBatch: Promise<Map<K, V>> | undefined;

  constructor(options: LoadingCacheOptions<K, V>) {
    this.#options = options;
    this.#used = new RecentMap(options.maxEntries * (1 - 1 / FRESH_SHARE));
  }

  /** Returns the value of a key, or undefined if there is none. Rejects when the database cannot be reached. */
  async get(key: K): Promise<V | undefined> {
    const known = this.#find(key);
    if (known !== undefined) return known === ABSENT ? undefined : known;
    const running = this.#loading.get(key);
    if (running) return (await running).get(key);
    // All requests in the same turn of the event loop share one read.
    this.#nextBatch ??= Promise.resolve().then(() => {
      const keys = this.#wanted;
      this.#wanted = new Set();
      this.#nextBatch = undefined;
      return this.getMany(keys);
    });
    this.#wanted.add(key);
    return (await this.#nextBatch).get(key);
  }

  /** Returns the values of many keys with one read. Keys without a row are left out. */
  async getMany(keys: Iterable<K>): Promise<Map<K, V>> {
    const found = new Map<K, V>();
    const missing: K[] = [];
    const shared: [K, Promise<Map<K, V>>][] = [];
    for (const key of new Set(keys)) {
      const known = this.#find(key);
      const running = known === undefined ? this.#loading.get(key) : undefined;
      if (running) shared.push([key, running]);
      else if (known === undefined) missing.push(key);
      else if (known !== ABSENT) found.set(key, known);
    }
    if (missing.length > 0) for (const [key, value] of await this.#load(missing)) found.set(key, value);
    for (const [key, running] of shared) {
      const value = (await running).get(key);
      if (value !== undefined) found.set(key, value);
    }
    return found;
  }

  /** Returns the value if it is cached; reads nothing. */
  peek(key: K): V | undefined {
    const known = this.#find(key);
    return known === ABSENT ? undefined : known;
  }

  /** Whether the cache knows the value of the key or knows that there is none; then `peek` is conclusive. */
  isKnown(key: K): boolean {
    return this.#find(key) !== undefined;
  }

  /** Drops a key, and prevents a read in progress from caching it. */
  invalidate(key: K): void {
    this.#used.delete(key);
    this.#fresh.delete(key);
    this.#loading.delete(key);
  }

  /** Drops everything, for when hints may have been missed. */
  clear(): void {
    this.#used.clear();
    this.#fresh.clear();
    this.#loading.clear();
  }

  async #load(keys: K[]): Promise<Map<K, V>> {
    const rows = this.#options.load(keys);
    for (const key of keys) this.#loading.set(key, rows);
    try {
      const loaded = await rows;
      for (const key of keys) {
        if (this.#loading.get(key) !== rows) continue;
        this.#loading.delete(key);
        this.#keep(key, loaded.get(key));
      }
      return loaded;
    } finally {
      for (const key of keys) if (this.#loading.get(key) === rows) this.#loading.delete(key);
    }
  }

  #keep(key: K, value: V | undefined): void {
    this.#fresh.set(key, value === undefined ? ABSENT : value);
    if (this.#fresh.size * FRESH_SHARE > this.#options.maxEntries) this.#fresh = new Map();
  }

  #find(key: K): V | typeof ABSENT | undefined {
    const used = this.#used.get(key);
    if (used !== undefined) return used;
    const fresh = this.#fresh.get(key);
    if (fresh === undefined) return undefined;
    this.#fresh.delete(key);
    this.#used.set(key, fresh);
    return fresh;
  }
}
