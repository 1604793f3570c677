import type { tl } from '@aerogram/tl';

/** How many searches of public posts a user has in a day. Searching is free here, so the number is only shown. */
const DAILY = 10;

/** The search of public posts costs nothing and is not used up. Pure. */
export function projectSearchFlood(): tl.searchPostsFlood {
  return { _: 'searchPostsFlood', query_is_free: true, total_daily: DAILY, remains: DAILY, stars_amount: 0n };
}
