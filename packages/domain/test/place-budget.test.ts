import { describe, expect, it } from 'vitest';

import { chargeBudget, countLeft, isOverdrawn, replayPosts, SPACING_S } from '../src/acceptance/place-budget.ts';

const NOW = 1_800_000_000;
const STRANGER = 7n;
const FRIEND = 8n;
const isCounted = (posterId: bigint): boolean => posterId !== FRIEND;

describe('the budget of messages of strangers in one place', () => {
  it('has 100 messages at once, and 300 more on each day', () => {
    expect(SPACING_S).toBe(288);
    expect(countLeft(NOW - 5, NOW)).toBe(100);
    const spent = chargeBudget(NOW, NOW, 100);
    expect([isOverdrawn(spent, NOW), countLeft(spent, NOW), isOverdrawn(chargeBudget(spent, NOW, 1), NOW)]).toEqual([false, 0, true]);
    expect([countLeft(spent, NOW + 287), countLeft(spent, NOW + 288), countLeft(spent, NOW + 8 * 3600)]).toEqual([0, 1, 100]);
    // It does not grow while nobody writes.
    expect(countLeft(spent, NOW + 30 * 86_400)).toBe(100);
  });

  const place = { full_date: NOW, from_ordinal: 10 };
  /** So many messages from the number after `from`, one at each `stepS` seconds. */
  const posts = (count: number, { from = 10, stepS = 0, posterId = STRANGER } = {}) =>
    Array.from({ length: count }, (_, n) => ({ ordinal: from + 1 + n, date: NOW + n * stepS, poster_id: posterId }));

  it.each([
    ['as many messages as it has', posts(100), false],
    ['one more', posts(101), true],
    ['any number that come slowly', posts(500, { stepS: SPACING_S }), false],
    ['many that come twice as fast', posts(250, { stepS: SPACING_S / 2 }), true],
    ['messages of people whom the member knows', posts(500, { posterId: FRIEND }), false],
    ['messages from before the member came', posts(110, { from: 0 }), false],
    ['messages of which all but the last were deleted', posts(1, { from: 110 }), true],
    ['messages of somebody known between deleted ones', [...posts(1, { from: 50, posterId: FRIEND }), ...posts(1, { from: 111, posterId: FRIEND })], false],
  ])('replays %s', (_name, given, expected) => {
    expect(replayPosts(place, { afterOrdinal: 0, posts: given }, isCounted).isOverdrawn).toBe(expected);
  });

  it('does not take what is older than the messages that were read for deleted messages', () => {
    expect(replayPosts(place, { afterOrdinal: 400, posts: posts(100, { from: 400 }) }, isCounted)).toMatchObject({ isOverdrawn: false });
  });
});
