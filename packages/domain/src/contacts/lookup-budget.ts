import { type Clock, isLoopbackHost, networkOf, RecentMap } from '@aerogram/runtime';

import { type PeriodQuota, useQuota } from '../shared/index.ts';

const MAX_ENTRIES = 100_000;

/** Who looks up phone numbers. */
export interface Seeker {
  userId: bigint;
  /**
   * The caller's network address; undefined when the server itself asks. Loopback is exempt, because a proxy may serve many users from
   * there.
   */
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

/** The number of phone numbers that each user and each network address may still look up today. Kept in memory, so a restart resets it. */
export class LookupBudget {
  readonly #clock: Clock;
  readonly #spent = new RecentMap<string, Spent>(MAX_ENTRIES);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Takes up to `wanted` look-ups from the quotas.
   * @returns how many were granted
   */
  take(seeker: Seeker, wanted: number): number {
    const budgets = this.#budgetsOf(seeker);
    const granted = Math.min(wanted, ...budgets.map(({ spent, quota }) => quota.most - spent.count));
    for (const { spent } of budgets) spent.count += granted;
    return granted;
  }

  /** Seconds until a used-up quota is reset. */
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
    // If the period seems to start in the future, the clock was ahead then, and a new period starts.
    if (known && Math.abs(this.#clock.now() - known.sinceDate) < quota.periodS) return { spent: known, quota };
    const spent = { count: 0, sinceDate: this.#clock.now() };
    this.#spent.set(key, spent);
    return { spent, quota };
  }
}
