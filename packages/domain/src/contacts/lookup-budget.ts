import { type Clock, isLoopbackHost, networkOf, RecentMap } from '@aerogram/runtime';

/** An address book fits; walking through all numbers of a country does not. */
const LOOKUPS_PER_DAY = 10_000;
/** What accounts behind one address may look up together. */
const LOOKUPS_PER_DAY_AND_ADDRESS = 50_000;
const DAY_S = 24 * 3600;
const MAX_ENTRIES = 100_000;

/** Who looks numbers up. */
export interface Seeker {
  userId: bigint;
  /** Where from; undefined where the server itself asks. Loopback is exempt: others stand behind it. */
  address: string | undefined;
}

interface Spent {
  count: number;
  sinceDate: number;
}

/** How many phone numbers each user, and each address, may still look up today. Kept in memory: a restart forgives. */
export class LookupBudget {
  readonly #clock: Clock;
  readonly #spent = new RecentMap<string, Spent>(MAX_ENTRIES);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes up to `wanted` look-ups. @returns how many were granted */
  take(seeker: Seeker, wanted: number): number {
    const budgets = this.#budgetsOf(seeker);
    const granted = Math.min(wanted, ...budgets.map(({ spent, most }) => most - spent.count));
    for (const { spent } of budgets) spent.count += granted;
    return granted;
  }

  /** Seconds until a day is over that is used up. */
  waitS(seeker: Seeker): number {
    const full = this.#budgetsOf(seeker).filter(({ spent, most }) => spent.count >= most);
    return Math.max(1, ...full.map(({ spent }) => spent.sinceDate + DAY_S - this.#clock.now()));
  }

  #budgetsOf({ userId, address }: Seeker): { spent: Spent; most: number }[] {
    const ofUser = { spent: this.#of(`user${userId}`), most: LOOKUPS_PER_DAY };
    if (address === undefined || isLoopbackHost(address)) return [ofUser];
    return [ofUser, { spent: this.#of(networkOf(address)), most: LOOKUPS_PER_DAY_AND_ADDRESS }];
  }

  #of(key: string): Spent {
    const known = this.#spent.get(key);
    // One that began later than now was begun by a clock that was ahead.
    if (known && Math.abs(this.#clock.now() - known.sinceDate) < DAY_S) return known;
    const fresh = { count: 0, sinceDate: this.#clock.now() };
    this.#spent.set(key, fresh);
    return fresh;
  }
}
