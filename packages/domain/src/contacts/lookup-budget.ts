import { type Clock, isLoopbackHost, networkOf, RecentMap } from '@aerogram/runtime';

import { type Counter, type Grant, OwnerCounts, type PeriodQuota, type QuotaDeps, QUOTAS, useQuota, type Wanted } from '../shared/index.ts';

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

/** How many look-ups were granted; if none, how long until there are more. */
export interface GrantedLookups {
  count: number;
  waitS: number;
}

interface Spent {
  count: number;
  sinceDate: number;
}

/** What each user, or each address, has used of one quota. What it says of the rest is the number of seconds until the quota is reset. */
class PeriodCounter implements Counter {
  readonly #clock: Clock;
  readonly #quota: Required<PeriodQuota>;
  readonly #spent = new RecentMap<string, Spent>(MAX_ENTRIES);

  constructor(clock: Clock, quota: Required<PeriodQuota>) {
    this.#clock = clock;
    this.#quota = quota;
  }

  grant(whom: string, { most }: Pick<Wanted, 'most'>, nodes = 1): Grant {
    const spent = this.#of(whom);
    const granted = Math.max(0, Math.min(most, Math.floor((this.#quota.most - spent.count) / nodes)));
    spent.count += granted * nodes;
    return { granted, rest: Math.max(1, spent.sinceDate + this.#quota.periodS - this.#clock.now()) };
  }

  giveBack(whom: string, count: number): void {
    const spent = this.#of(whom);
    spent.count = Math.max(0, spent.count - count);
  }

  #of(whom: string): Spent {
    const known = this.#spent.get(whom);
    // If the period seems to start in the future, the clock was ahead then, and a new period starts.
    if (known && Math.abs(this.#clock.now() - known.sinceDate) < this.#quota.periodS) return known;
    const spent = { count: 0, sinceDate: this.#clock.now() };
    this.#spent.set(whom, spent);
    return spent;
  }
}

/** One quota of look-ups, counted by the node that owns `whom`. */
class LookupQuota {
  readonly #name: 'phoneLookups' | 'phoneLookupsOfAddress';
  readonly #counter: PeriodCounter;
  readonly #counts: OwnerCounts;

  constructor({ clock, owners }: QuotaDeps, name: 'phoneLookups' | 'phoneLookupsOfAddress') {
    this.#name = name;
    this.#counter = new PeriodCounter(clock, QUOTAS[name]);
    this.#counts = new OwnerCounts(owners, name, this.#counter);
  }

  /** If the owner cannot be asked, each node grants its share. */
  async take(whom: string, most: number): Promise<Grant> {
    useQuota(this.#name);
    const node = this.#counts.find(whom);
    if (node === undefined) return this.#counter.grant(whom, { most });
    return (await this.#counts.ask(node, whom, { least: 0, most })) ?? this.#counter.grant(whom, { most }, this.#counts.nodes);
  }

  giveBack(whom: string, count: number): void {
    const node = this.#counts.find(whom);
    if (node === undefined) this.#counter.giveBack(whom, count);
    else this.#counts.giveBack(node, whom, count);
  }
}

/** The number of phone numbers that each user and each network address may still look up today, over all nodes. Kept in memory, so a restart resets it. */
export class LookupBudget {
  readonly #ofUsers: LookupQuota;
  readonly #ofAddresses: LookupQuota;

  constructor(deps: QuotaDeps) {
    this.#ofUsers = new LookupQuota(deps, 'phoneLookups');
    this.#ofAddresses = new LookupQuota(deps, 'phoneLookupsOfAddress');
  }

  /** Takes up to `wanted` look-ups from the quotas. */
  async take({ userId, address }: Seeker, wanted: number): Promise<GrantedLookups> {
    const user = `user${userId}`;
    const ofUser = await this.#ofUsers.take(user, wanted);
    if (ofUser.granted === 0 || address === undefined || isLoopbackHost(address)) return { count: ofUser.granted, waitS: ofUser.rest };
    const ofAddress = await this.#ofAddresses.take(networkOf(address), ofUser.granted);
    if (ofAddress.granted < ofUser.granted) this.#ofUsers.giveBack(user, ofUser.granted - ofAddress.granted);
    return { count: ofAddress.granted, waitS: ofAddress.rest };
  }
}
