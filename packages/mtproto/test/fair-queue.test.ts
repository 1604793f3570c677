import { describe, expect, test } from 'vitest';
import { FairQueue } from '../src/crypto-pool/fair-queue.ts';

/** Takes this many items. @returns how often each owner's came */
function served(queue: FairQueue<string>, count: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const owner = queue.shift()!;
    counts[owner] = (counts[owner] ?? 0) + 1;
  }
  return counts;
}

describe('a fair queue', () => {
  test('serves an owner with few items as often as one with many', () => {
    const queue = new FairQueue<string>();
    for (let i = 0; i < 800; i++) queue.push('many', 'many', 512);
    for (let i = 0; i < 100; i++) queue.push('few', 'few', 512);
    expect(served(queue, 200)).toEqual({ many: 100, few: 100 });
    expect(served(queue, 700)).toEqual({ many: 700 });
    expect(queue.shift()).toBeUndefined();
  });

  test('counts the cost of the items, not their number', () => {
    const queue = new FairQueue<string>();
    for (let i = 0; i < 100; i++) queue.push('large', 'large', 400);
    for (let i = 0; i < 100; i++) queue.push('small', 'small', 100);
    expect(served(queue, 50)).toEqual({ large: 10, small: 40 });
  });

  test('keeps the order of the items of one owner', () => {
    const queue = new FairQueue<number>();
    for (let i = 0; i < 5; i++) queue.push('one', i, 1 + (i % 2));
    expect(Array.from({ length: 5 }, () => queue.shift())).toEqual([0, 1, 2, 3, 4]);
  });

  test('gives an owner who was away no more than its share, and one who took much before others came no debt', () => {
    const queue = new FairQueue<string>();
    for (let i = 0; i < 100; i++) queue.push('early', 'early', 10);
    served(queue, 50);
    for (let i = 0; i < 50; i++) queue.push('late', 'late', 10);
    const { early = 0, late = 0 } = served(queue, 20);
    expect(Math.abs(early - late)).toBeLessThanOrEqual(1);
  });

  test('serves fairly also when items come one by one, as from clients that wait for their answers', () => {
    const queue = new FairQueue<string>();
    const counts: Record<string, number> = { a: 0, b: 0 };
    // Eight connections of one account and one of another: each sends the next item when its last one was served.
    for (let i = 0; i < 8; i++) queue.push('a', 'a', 512);
    queue.push('b', 'b', 512);
    for (let i = 0; i < 300; i++) {
      const owner = queue.shift()!;
      counts[owner]! += 1;
      queue.push(owner, owner, 512);
    }
    expect(counts['b']).toBeGreaterThanOrEqual(140);
  });

  test('knows what is waiting', () => {
    const queue = new FairQueue<string>();
    queue.push('a', 'x', 3);
    queue.push('b', 'y', 4);
    expect([queue.size, queue.cost]).toEqual([2, 7]);
    queue.shift();
    queue.shift();
    expect([queue.size, queue.cost]).toEqual([0, 0]);
  });
});
