import type { Clock } from './clock.ts';

/** Limits of an {@link ExpiringMap}. */
export interface ExpiringMapLimits {
  /** Maximum number of entries. */
  most: number;
  /** For how long an entry is kept, in seconds. */
  ageS: number;
}

/** A bounded map whose entries are only kept for a time. Each new entry drops those that are too old, and the oldest one if there are too many. */
export class ExpiringMap<K, V> {
  readonly #limits: ExpiringMapLimits;
  readonly #clock: Pick<Clock, 'now'>;
  /** Oldest first. */
  readonly #entries = new Map<K, { value: V; date: number }>();

  constructor(limits: ExpiringMapLimits, clock: Pick<Clock, 'now'>) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Number of entries that take memory. */
  get size(): number {
    return this.#entries.size;
  }

  /** Returns the value of an entry that is not too old. */
  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && this.#isFresh(entry) ? entry.value : undefined;
  }

  /** Adds an entry, or replaces it by a new one. */
  set(key: K, value: V): void {
    this.#entries.delete(key);
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size < this.#limits.most && this.#isFresh(entry)) break;
      this.#entries.delete(oldest);
    }
    this.#entries.set(key, { value, date: this.#clock.now() });
  }

  #isFresh({ date }: { date: number }): boolean {
    return this.#clock.now() - date < this.#limits.ageS;
  }
}
