import { expect, test } from 'vitest';
import { divideMemory, MIN_MEMORY_BYTES, parseSize } from '../src/divide-memory.ts';
import { KEY_BYTES } from '../src/memory-keys.ts';

test('content, two copies of each answer on the way, and keys fit into the memory that a node is told to take', () => {
  for (const bytes of [MIN_MEMORY_BYTES, 128_000_000, 256_000_000, 4_000_000_000]) {
    const { cacheBytes, roomBytes, keys } = divideMemory(bytes);
    expect(cacheBytes).toBeGreaterThan(bytes / 5);
    expect(roomBytes).toBeGreaterThan(1024 * 1024);
    expect(cacheBytes + 2 * roomBytes + keys * KEY_BYTES).toBeLessThan(bytes);
  }
});

test('a node with much memory has many connections, and half packets on all of them take a quarter of it at most', () => {
  expect([MIN_MEMORY_BYTES, 256_000_000, 64_000_000_000].map((bytes) => divideMemory(bytes).connections)).toEqual([488, 1953, 20_000]);
});

test('sizes are read with decimal and binary units', () => {
  expect(['256MB', '256 mib', '1GB', '2GiB', '500000', '3KB'].map(parseSize)).toEqual([256e6, 256 * 2 ** 20, 1e9, 2 ** 31, 500_000, 3000]);
  expect(['', 'MB', '-5MB', '5XB', '1.5GB', '5 M B'].map(parseSize)).toEqual([undefined, undefined, undefined, undefined, undefined, undefined]);
});
