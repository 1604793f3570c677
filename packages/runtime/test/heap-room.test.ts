import { expect, test } from 'vitest';
import { heapGrowthOf } from '../src/heap-room.ts';

test('a small heap may grow to twice its size, a big one as V8 thinks right', () => {
  expect(heapGrowthOf(30 << 20)).toBe(100);
  expect(heapGrowthOf(200 << 20)).toBe(0);
});
