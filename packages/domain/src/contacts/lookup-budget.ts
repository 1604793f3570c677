import { type Clock, isLoopbackHost, networkOf, RecentMap } from '@aerogram/runtime';

import { type PeriodQuota, useQuota } from '../shared/index.ts';

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

interface Budget {
  spent: Spent;
  quota: Required<PeriodQuota>;
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
    const granted = Math.min(wanted, ...budgets.map(({ spent, quota }) => quota.most - spent.count));
    for (const { spent } of budgets) spent.count += granted;
    return granted;
  }

  /** Seconds until the period of a used-up quota is over. */
  waitS(seeker: Seeker): number {
    const full = this.#budgetsOf(seeker).filter(({ spent, quota }) => spent.count >= quota.most);
    return Math.max(1, ...full.map(({ spent, quota }) => spent.sinceDate + quota.periodS - this.#clock.now()));
  }

  #budgetsOf({ userId, address }: Seeker): Budget[] {
    const ofUser = this.#of(`user${userId}`, useQuota('phoneLookups'));
    if (address === undefined || isLoopbackHost(address)) return [ofUser];
    return [ofUser, this.#of(networkOf(address), useQuota('phoneLookupsOfAddress'))];
  }

  #of(key: string, quota: Required<PeriodQuota>): Budget {
    const known = this.#spent.get(key);
    // A period that begins later than now was begun by a clock that was ahead.
    if (known && Math.abs(this.#clock.now() - known.sinceDate) < quota.periodS) return { spent: known, quota };
    const spent = { count: 0, sinceDate: this.#clock.now() };
    this.#spent.set(key, spent);
    return { spent, quota };
  }
}
