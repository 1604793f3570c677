import { expect, test } from 'vitest';
import { Tombstones } from '../src/sessions/tombstones.ts';

test('a session that starts again gets the floor of its predecessor, once', () => {
  const tombstones = new Tombstones(100);
  tombstones.add(1n, 5n, 77n, 1_000);
  expect(tombstones.take(1n, 6n)).toBeUndefined();
  expect(tombstones.take(1n, 5n)).toBe(77n);
  expect(tombstones.take(1n, 5n)).toBeUndefined();
});

test('many sessions of one key share one floor, so no client can fill the memory', () => {
  const tombstones = new Tombstones(100);
  for (let i = 1n; i <= 1_000n; i++) tombstones.add(1n, i, i * 10n, 1_000);
  expect(tombstones.size).toBe(16);
  expect(tombstones.isFull).toBe(false);
  // None of them may be replayed, nor may any other session of the key with older messages.
  expect(tombstones.take(1n, 3n)).toBe(10_000n);
  expect(tombstones.take(1n, 999n)).toBe(10_000n);
  expect(tombstones.take(2n, 3n)).toBeUndefined();
  tombstones.sweep(1_000);
  expect(tombstones.size).toBe(0);
  expect(tombstones.take(1n, 999n)).toBeUndefined();
});
