import { rpcError } from '@aerogram/errors';
import { type Clock, RecentMap } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import { type HasLimits, useQuota } from '../shared/index.ts';

/** Maximum number of users whose searches are counted. */
const USERS_MAX = 100_000;
/** Maximum number of queries of one user that can be repeated, for instance for the next page, without being counted again. */
const QUERIES_MAX = 32;
/** In UTF-16 units. */
const QUERY_LENGTH_MAX = 256;

const DAY_S = 86_400;

interface Spent {
  count: number;
  sinceDate: number;
  /** Latest last. */
  queries: string[];
}

/**
 * How many searches of public posts by text each user may still make today. Kept in memory, so a restart resets it. There is no way to pay for
 * more.
 */
export class PostSearchBudget {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #dailyMax: number;
  readonly #hasLimits: HasLimits | undefined;
  readonly #spent = new RecentMap<bigint, Spent>(USERS_MAX);

  /** @param dailyMax searches per user and day */
  constructor({ clock, hasLimits }: { clock: Pick<Clock, 'now'>; hasLimits?: HasLimits | undefined }, dailyMax: number) {
    this.#clock = clock;
    this.#hasLimits = hasLimits;
    this.#dailyMax = dailyMax;
  }

  /**
   * Counts a search. Repeats of a recent one, and further pages of it, are not counted.
   * @throws RpcError 420 FLOOD_WAIT when the day's searches are used up
   */
  take(userId: bigint, query: string): void {
    useQuota('publicSearches');
    const spent = this.#of(userId);
    const text = textOf(query);
    if (isRepeat(spent, text) || this.#hasLimits?.(userId) === false) return;
    if (spent.count >= this.#dailyMax) throw rpcError('FLOOD_WAIT_%d', Math.max(1, spent.sinceDate + DAY_S - this.#clock.now()));
    spent.count++;
    spent.queries = [...spent.queries, text].slice(-QUERIES_MAX);
  }

  /**
   * What a client is told of the quota.
   * @param query undefined if the client does not say
   */
  project(userId: bigint, query: string | undefined): tl.searchPostsFlood {
    const spent = this.#of(userId);
    const remains = Math.max(0, this.#dailyMax - spent.count);
    return {
      _: 'searchPostsFlood',
      // Clients offer a search that is not free only to subscribers of Telegram Premium, or for stars, and there are neither here.
      query_is_free: remains > 0 || (query !== undefined && isRepeat(spent, textOf(query))) || undefined,
      total_daily: this.#dailyMax,
      remains,
      wait_till: remains === 0 ? spent.sinceDate + DAY_S : undefined,
      stars_amount: 0n,
    };
  }

  #of(userId: bigint): Spent {
    const known = this.#spent.get(userId);
    // If the day seems to start in the future, the clock was ahead then, and a new day starts.
    if (known && Math.abs(this.#clock.now() - known.sinceDate) < DAY_S) return known;
    const spent = { count: 0, sinceDate: this.#clock.now(), queries: [] };
    this.#spent.set(userId, spent);
    return spent;
  }
}

/** The part of a query that is compared with others. */
const textOf = (query: string): string => query.trim().slice(0, QUERY_LENGTH_MAX);

/** Whether a query needs no search of its own: it is one of the latest, or empty. */
function isRepeat({ queries }: Spent, text: string): boolean {
  return text === '' || queries.includes(text);
}
