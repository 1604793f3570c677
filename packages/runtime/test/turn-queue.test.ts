import { expect, test } from 'vitest';
import { TurnQueue } from '../src/turn-queue.ts';

test('accounts take turns', () => {
  const queue = new TurnQueue<bigint, string>({ max: 10, maxPerAccount: 3 });
  for (const item of ['a1', 'a2', 'a3']) expect(queue.add(1n, item)).toBe(true);
  expect(queue.add(1n, 'a4')).toBe(false);
  queue.add(2n, 'b1');
  queue.add(3n, 'c1');
  expect(queue.remove(1n, 'a2')).toBe(true);
  expect(queue.size).toBe(4);
  expect([queue.take(), queue.take(), queue.take(), queue.take(), queue.take()]).toEqual(['a1', 'b1', 'c1', 'a3', undefined]);
});

test('accounts that have used less come first, whoever has waited longer', () => {
  const used = new Map([[1n, 30], [2n, 10], [3n, 10]]);
  const queue = new TurnQueue<bigint, string>({ max: 10, maxPerAccount: 3, usedBy: (account) => used.get(account)! });
  for (const item of ['a1', 'b1', 'b2', 'c1']) queue.add({ a: 1n, b: 2n, c: 3n }[item[0]!]!, item);
  expect([queue.take(), queue.take()]).toEqual(['b1', 'c1']);
  used.set(2n, 40);
  expect([queue.take(), queue.take(), queue.take()]).toEqual(['a1', 'b2', undefined]);
});

test('a full queue makes room for an account that has fewer items than another one', () => {
  const queue = new TurnQueue<bigint, string>({ max: 5, maxPerAccount: 3 });
  for (const item of ['a1', 'a2', 'a3']) queue.add(1n, item);
  expect(queue.makeRoom(2n)).toBeUndefined();
  for (const item of ['b1', 'b2']) queue.add(2n, item);
  expect(queue.add(3n, 'c1')).toBe(false);
  expect(queue.makeRoom(2n)).toBeUndefined();
  expect(queue.makeRoom(3n)).toBe('a3');
  expect(queue.add(3n, 'c1')).toBe(true);
  expect([queue.take(), queue.take(), queue.take(), queue.take(), queue.take(), queue.take()]).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', undefined]);
});
