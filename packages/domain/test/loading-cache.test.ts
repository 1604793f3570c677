import { expect, test } from 'vitest';
import { LoadingCache } from '../src/shared/loading-cache.ts';

/** A cache of squares. Odd multiples of ten have no value. */
function stage(maxEntries: number) {
  const reads: number[][] = [];
  const cache = new LoadingCache<number, number>({
    maxEntries,
    load: async (keys) => {
      reads.push([...keys]);
      return new Map(keys.filter((key) => key % 20 !== 10).map((key) => [key, key * key]));
    },
  });
  return { cache, reads };
}

test('values and absences stay cached until they are invalidated', async () => {
  const { cache, reads } = stage(1000);
  expect(await Promise.all([cache.get(3), cache.get(10), cache.get(3)])).toEqual([9, undefined, 9]);
  expect(await cache.getMany([3, 10, 4])).toEqual(new Map([[3, 9], [4, 16]]));
  expect(reads).toEqual([[3, 10], [4]]);
  expect([cache.peek(3), cache.peek(10), cache.isKnown(10), cache.isKnown(5)]).toEqual([9, undefined, true, false]);
  // One value that was only read, and one that was requested again.
  cache.invalidate(4);
  cache.invalidate(3);
  expect([cache.isKnown(4), cache.isKnown(3), cache.isKnown(10)]).toEqual([false, false, true]);
  cache.clear();
  expect(cache.isKnown(10)).toBe(false);
});

test('values requested only once neither displace frequently used ones nor stay', async () => {
  const { cache, reads } = stage(800);
  for (let key = 0; key < 100; key++) await cache.get(key);
  for (let key = 0; key < 100; key++) expect(cache.isKnown(key)).toBe(true);
  reads.length = 0;
  for (let key = 1000; key < 3000; key++) await cache.get(key);
  for (let key = 0; key < 100; key++) expect(cache.isKnown(key)).toBe(true);
  expect(reads).toHaveLength(2000);
  const known = Array.from({ length: 2000 }, (_, i) => 1000 + i).filter((key) => cache.isKnown(key));
  expect(known.length).toBeLessThanOrEqual(100);
  expect(known.at(-1)).toBe(2999);
});

test('of the values requested again, the least recently used ones are dropped first', async () => {
  const { cache } = stage(800);
  for (let key = 0; key < 1000; key++) {
    await cache.get(key);
    await cache.get(key);
    expect(cache.isKnown(0)).toBe(true);
  }
  const known = Array.from({ length: 1000 }, (_, key) => key).filter((key) => key > 0 && cache.isKnown(key));
  expect(known.length).toBeGreaterThan(340);
  expect(known.length).toBeLessThan(800);
  expect(known.at(-1)).toBe(999);
});
