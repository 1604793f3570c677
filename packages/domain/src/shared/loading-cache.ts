import { RecentMap } from '@aerogram/runtime';

/** A bounded cache over rows that others may change; always safe to lose. */
export interface LoadingCacheOptions<K, V> {
  /** Entries kept at most; about those that were unused for longest go first. */
  maxEntries: number;
  /** Reads many keys at once; keys without a row are left out of the answer. */
  load(keys: readonly K[]): Promise<Map<K, V>>;
}

/** One of so many entries may be one that was read and not asked for again. */
const FRESH_SHARE = 8;

/** In place of a value: the database has none. */
const ABSENT = Symbol('absent');

/**
 * Reads through to the database and keeps what it read until somebody says that it changed.
 * A read that was under way when its key was invalidated is answered but not kept, so a row that
 * changed meanwhile is never seen old afterwards.
 */
export class LoadingCache<K, V> {
  readonly #options: LoadingCacheOptions<K, V>;
  /** What was asked for again after it was read. */
  readonly #used: RecentMap<K, V | typeof ABSENT>;
  /**
   * What was read and not asked for since. People look through lists of strangers once: that must neither push out what is needed all the time
   * nor stay for minutes, among what lasts, on pages of memory that are then mostly holes.
   */
  #fresh = new Map<K, V | typeof ABSENT>();
  readonly #loading = new Map<K, Promise<Map<K, V>>>();
  #wanted = new Set<K>();
  #nextBatch: Promise<Map<K, V>> | undefined;

  constructor(options: LoadingCacheOptions<K, V>) {
    this.#options = options;
    this.#used = new RecentMap(options.maxEntries * (1 - 1 / FRESH_SHARE));
  }

  /** The value of one key, or undefined where there is none. Rejects when the database cannot be reached. */
  async get(key: K): Promise<V | undefined> {
    const known = this.#find(key);
    if (known !== undefined) return known === ABSENT ? undefined : known;
    const running = this.#loading.get(key);
    if (running) return (await running).get(key);
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

  /** The value if it is here already; reads nothing. */
  peek(key: K): V | undefined {
    const known = this.#find(key);
    return known === ABSENT ? undefined : known;
  }

  /** Whether it is known here what the key has, be it nothing; then `peek` tells. */
  isKnown(key: K): boolean {
    return this.#find(key) !== undefined;
  }

  /** Forgets a key, and whatever a read under way will say of it. */
  invalidate(key: K): void {
    this.#used.delete(key);
    this.#fresh.delete(key);
    this.#loading.delete(key);
  }

  /** Forgets everything: hints may have been missed. */
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
