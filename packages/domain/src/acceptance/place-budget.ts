import { QUOTAS } from '../shared/index.ts';

// One number says how much of a budget (`placeMessages`) is left: when it is full again. Each message moves that date by as long as one message takes to come
// back. A budget that is full again only later than after `WINDOW_S` was overdrawn.

const { capacity, tokensPerSecond } = QUOTAS.placeMessages;

/** How long it takes until one message more may come, in seconds. */
export const SPACING_S = Math.round(1 / tokensPerSecond);

const WINDOW_S = capacity * SPACING_S;

/** Returns when a budget is full again after `count` messages at a date. Pure. @param fullDate when the budget was full before, in unix seconds */
export function chargeBudget(fullDate: number, date: number, count: number): number {
  return Math.max(fullDate, date) + count * SPACING_S;
}

/** Whether more messages have come than the budget had. Pure. */
export function isOverdrawn(fullDate: number, date: number): boolean {
  return fullDate - date > WINDOW_S;
}

/** How many messages the budget still has. Pure. */
export function countLeft(fullDate: number, date: number): number {
  return Math.max(0, Math.floor((WINDOW_S - Math.max(0, fullDate - date)) / SPACING_S));
}

/** If a budget is full again only later than this date, nothing is left of it. Pure. */
export function spentDateAt(date: number): number {
  return date + WINDOW_S - SPACING_S;
}

/** A message of a channel, as far as budgets are concerned. */
export interface ChargedPost {
  /** Number of the channel's messages up to this one, deleted ones included. */
  ordinal: number;
  date: number;
  poster_id: bigint;
}

/** The budget of a member of a channel at some moment. */
export interface PostBudget {
  fullDate: number;
  /** At some message nothing was left. */
  isOverdrawn: boolean;
}

/** Messages of a channel, in ascending order. */
export interface ChargedPosts {
  /** All messages with higher numbers than this one are there, but for those that were deleted. */
  afterOrdinal: number;
  posts: readonly ChargedPost[];
}

/**
 * Goes through the messages of a channel as if each had been counted when it came, because posting writes nothing for the members. Messages that were deleted
 * since count as messages of strangers: they have reached the member before. Pure.
 * @param place.from_ordinal messages up to this one are not counted
 * @param isCounted whether the poster is a stranger to the member
 */
export function replayPosts(place: { full_date: number; from_ordinal: number }, { afterOrdinal, posts }: ChargedPosts, isCounted: (posterId: bigint) => boolean): PostBudget {
  let fullDate = place.full_date;
  let last = Math.max(place.from_ordinal, afterOrdinal);
  for (const { ordinal, date, poster_id: posterId } of posts) {
    if (ordinal <= last) continue;
    const count = ordinal - last - (isCounted(posterId) ? 0 : 1);
    last = ordinal;
    if (count === 0) continue;
    fullDate = chargeBudget(fullDate, date, count);
    if (isOverdrawn(fullDate, date)) return { fullDate, isOverdrawn: true };
  }
  return { fullDate, isOverdrawn: false };
}
