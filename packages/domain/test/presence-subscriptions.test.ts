import { createFakeClock, seededRandom } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { PresenceSubscriptions } from '../src/users/presence-subscriptions.ts';
import { Viewers } from '../src/users/viewers.ts';

const MINUTE_MS = 60_000;

test('viewers who were shown a user in the last 15 minutes are listed, and older ones are forgotten', async () => {
  const clock = createFakeClock();
  const subscriptions = new PresenceSubscriptions(clock);
  subscriptions.note(1n, 1n);
  for (let target = 100n; target < 200n; target++) subscriptions.note(1n, target);
  subscriptions.note(1n, 7n);
  await clock.advance(10 * MINUTE_MS);
  subscriptions.note(2n, 7n);
  subscriptions.note(2n, 7n);
  expect(subscriptions.size).toBe(102);
  expect(subscriptions.listViewers(7n)).toEqual([1n, 2n]);
  expect(subscriptions.listViewers(1n)).toEqual([]);
  // Shown again, so remembered for longer.
  subscriptions.note(1n, 150n);
  await clock.advance(6 * MINUTE_MS);
  // Of a hundred users shown once, one is left. Of the two viewers of user 7, the later one is left.
  subscriptions.note(3n, 7n);
  expect(subscriptions.size).toBe(3);
  expect(subscriptions.listViewers(7n)).toEqual([2n, 3n]);
  expect(subscriptions.listViewers(150n)).toEqual([1n]);
  expect(subscriptions.listViewers(100n)).toEqual([]);
});

test('at most the last 500 viewers of a user are remembered', () => {
  const subscriptions = new PresenceSubscriptions(createFakeClock());
  for (let viewer = 1n; viewer <= 600n; viewer++) subscriptions.note(viewer, 1000n);
  expect(subscriptions.size).toBe(500);
  expect(subscriptions.listViewers(1000n).slice(0, 2)).toEqual([101n, 102n]);
});

test('beyond a million pairs, those of the least recently shown users are forgotten', () => {
  const subscriptions = new PresenceSubscriptions(createFakeClock());
  for (let target = 1n; target <= 1_000_001n; target++) subscriptions.note(0n, target);
  expect(subscriptions.size).toBe(937_500);
  expect(subscriptions.listViewers(1n)).toEqual([]);
  expect(subscriptions.listViewers(1_000_001n)).toEqual([0n]);
});

test('viewers behave like a model that stores ids with minutes', () => {
  const random = seededRandom('viewers');
  const viewers = new Viewers();
  let model: { id: bigint; minute: number }[] = [];
  let minute = 29_000_000;
  for (let step = 0; step < 5000; step++) {
    minute += [0, 0, 0, 1, 1, 2, random.uint31() % 200][random.uint31() % 7]!;
    const id = (1n << 40n) - 1n - BigInt(random.uint31() % 20);
    const known = model.find((entry) => entry.id === id);
    expect(viewers.note(id, minute)).toBe(known?.minute !== minute);
    if (known?.minute !== minute) model = [...model.filter((entry) => entry.id !== id && entry.minute > minute - 64), { id, minute }];
    if (random.uint31() % 3 === 0) {
      viewers.forget(minute - 15, 12);
      model = model.filter((entry) => entry.minute >= minute - 15).slice(-12);
    }
    expect(viewers.count).toBe(model.length);
    const since = minute - (random.uint31() % 30);
    expect(viewers.listSince(since)).toEqual(model.filter((entry) => entry.minute >= since).map((entry) => entry.id));
  }
});

test('a long list is noted once a minute, and at once if it differs', async () => {
  const clock = createFakeClock();
  const subscriptions = new PresenceSubscriptions(clock);
  const list = Array.from({ length: 200 }, (_, i) => BigInt(i + 10));
  subscriptions.noteAll(1n, list);
  expect(subscriptions.listViewers(10n)).toEqual([1n]);
  subscriptions.noteAll(1n, [9n, ...list]);
  expect(subscriptions.listViewers(9n)).toEqual([1n]);
  await clock.advance(14 * MINUTE_MS);
  subscriptions.noteAll(1n, list);
  subscriptions.noteAll(2n, list);
  await clock.advance(3 * MINUTE_MS);
  expect(subscriptions.listViewers(10n)).toEqual([1n, 2n]);
  expect(subscriptions.listViewers(9n)).toEqual([]);
});
