import type { tl } from '@aerogram/tl';

/** Searches of public posts per user and day. Searching is free here, so clients only show the number. */
const DAILY = 10;

/** Searching public posts is free and unlimited. Pure. */
export function projectSearchFlood(): tl.searchPostsFlood {
  return { _: 'searchPostsFlood', query_is_free: true, total_daily: DAILY, remains: DAILY, stars_amount: 0n };
}
