import { expect, test } from 'vitest';
import { HotLanes } from '../src/committer/hot-lanes.ts';

test('a lane in three slow batches within a second is hot until it has been fast for a while', () => {
  const lanes = new HotLanes();
  lanes.observe([1n, 2n], 6, 0);
  lanes.observe([1n, 3n], 20, 400);
  expect(lanes.isHot(1n, 400)).toBe(false);
  lanes.observe([1n, 4n], 9, 900);
  expect([1n, 2n, 3n, 4n].map((lane) => lanes.isHot(lane, 900))).toEqual([true, false, false, false]);
  lanes.observe([1n], 6, 9000);
  expect(lanes.isHot(1n, 18_000)).toBe(true);
  expect(lanes.isHot(1n, 19_001)).toBe(false);
  expect(lanes.isHot(1n, 19_001)).toBe(false);
});

test('fast batches, and slow ones far apart, make no lane hot', () => {
  const lanes = new HotLanes();
  for (let at = 0; at < 100; at++) lanes.observe([1n], 5, at);
  for (let at = 0; at < 20_000; at += 2000) lanes.observe([1n], 50, at);
  expect(lanes.isHot(1n, 18_000)).toBe(false);
});

test('the number of tracked lanes is limited', () => {
  const lanes = new HotLanes();
  lanes.observe([5n], 10, 0);
  lanes.observe([5n], 10, 1);
  lanes.observe(Array.from({ length: 2000 }, (_, i) => 100n + BigInt(i)), 10, 2);
  lanes.observe([5n], 10, 3);
  expect(lanes.isHot(5n, 3)).toBe(false);
});
