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
