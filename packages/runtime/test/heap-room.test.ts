import { expect, test } from 'vitest';
import { heapGrowthOf } from '../src/heap-room.ts';

test("a small heap may grow to twice its size, a large one by V8's own rule", () => {
  expect(heapGrowthOf(30 << 20)).toBe(100);
  expect(heapGrowthOf(200 << 20)).toBe(0);
});
