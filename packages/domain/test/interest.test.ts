import { createFakeClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { Interest } from '../src/users/interest.ts';

const MINUTE_MS = 60_000;

test('those who were shown a user in the last quarter of an hour are listed, and nobody else is remembered', async () => {
  const clock = createFakeClock();
  const interest = new Interest(clock);
  interest.note(1n, 1n);
  for (let target = 100n; target < 200n; target++) interest.note(1n, target);
  interest.note(1n, 7n);
  await clock.advance(10 * MINUTE_MS);
  interest.note(2n, 7n);
  interest.note(2n, 7n);
  expect(interest.size).toBe(102);
  expect(interest.listViewers(7n)).toEqual([1n, 2n]);
  expect(interest.listViewers(1n)).toEqual([]);
  // Shown again, so remembered for longer.
  interest.note(1n, 150n);
  await clock.advance(6 * MINUTE_MS);
  // Of a hundred users who were shown once, one is left; of the two who looked at 7, the one who looked last.
  interest.note(3n, 7n);
  expect(interest.size).toBe(3);
  expect(interest.listViewers(7n)).toEqual([2n, 3n]);
  expect(interest.listViewers(150n)).toEqual([1n]);
  expect(interest.listViewers(100n)).toEqual([]);
});

test('one user is remembered to have been shown to 500, the last ones', () => {
  const interest = new Interest(createFakeClock());
  for (let viewer = 1n; viewer <= 600n; viewer++) interest.note(viewer, 1000n);
  expect(interest.size).toBe(500);
  expect(interest.listViewers(1000n).slice(0, 2)).toEqual([101n, 102n]);
});

test('when a million pairs are too many, those of the users who were shown longest ago are forgotten', () => {
  const interest = new Interest(createFakeClock());
  for (let target = 1n; target <= 1_000_001n; target++) interest.note(0n, target);
  expect(interest.size).toBe(937_500);
  expect(interest.listViewers(1n)).toEqual([]);
  expect(interest.listViewers(1_000_001n)).toEqual([0n]);
});
