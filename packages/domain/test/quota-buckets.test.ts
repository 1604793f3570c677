import { createFakeClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';

import { QuotaBuckets, QUOTAS } from '../src/shared/index.ts';

const [FREE, BOUND] = [7n, 8n];
const { capacity } = QUOTAS.pollVotes;

test('a quota holds for owners that begin with a user who has limits, and for those that are no users', () => {
  const buckets = new QuotaBuckets({ clock: createFakeClock(), hasLimits: (userId) => userId !== FREE }, 'pollVotes');
  const takeTwice = (owner: string): boolean[] => [capacity, 1].map((count) => buckets.take(owner, count) === 0);
  for (const owner of [`${FREE}`, `${FREE}:${BOUND}`, `${FREE}:-100200`]) {
    expect(takeTwice(owner)).toEqual([true, true]);
    buckets.charge(owner, capacity);
    expect(buckets.spent(owner)).toBe(0);
  }
  for (const owner of [`${BOUND}`, `${BOUND}:${FREE}`, `${BOUND}:-100200`, '7.7.7.7', '7:8::/64', '7.example.org', 'key7']) expect(takeTwice(owner)).toEqual([true, false]);
});
