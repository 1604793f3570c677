import type { Clock } from '@aerogram/runtime';

/** An address book fits; walking through all numbers of a country does not. */
const LOOKUPS_PER_DAY = 10_000;
const DAY_S = 24 * 3600;
const MAX_USERS = 100_000;

/** How many phone numbers each user may still look up today. Kept in memory: a restart forgives. */
export class LookupBudget {
  readonly #clock: Clock;
  readonly #spent = new Map<bigint, { count: number; sinceDate: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes up to `wanted` look-ups. @returns how many were granted */
  take(userId: bigint, wanted: number): number {
    const now = this.#clock.now();
    const known = this.#spent.get(userId);
    const entry = known && known.sinceDate > now - DAY_S ? known : { count: 0, sinceDate: now };
    const granted = Math.min(wanted, LOOKUPS_PER_DAY - entry.count);
    entry.count += granted;
    this.#spent.delete(userId);
    this.#spent.set(userId, entry);
    if (this.#spent.size > MAX_USERS) {
      const oldest = this.#spent.keys().next();
      if (!oldest.done) this.#spent.delete(oldest.value);
    }
    return granted;
  }

  /** Seconds until the user's day is over. */
  waitS(userId: bigint): number {
    const entry = this.#spent.get(userId);
    return entry ? Math.max(1, entry.sinceDate + DAY_S - this.#clock.now()) : 1;
  }
}
