import { describe, expect, it } from 'vitest';
import { seededRandom, systemRandom } from '@aerogram/runtime';

describe('random', () => {
  it('stays within its ranges', () => {
    for (let i = 0; i < 10_000; i++) {
      const small = systemRandom.uint31();
      expect(small >= 0 && small < 2 ** 31 && Number.isInteger(small)).toBe(true);
      const big = systemRandom.int63();
      expect(big > 0n && big < 1n << 63n).toBe(true);
    }
    const signed = Array.from({ length: 200 }, () => systemRandom.int64());
    expect(signed.some((value) => value < 0n) && signed.some((value) => value > 0n)).toBe(true);
  });

  it('hands out bytes that are not modified later, also for more bytes than the pool has', () => {
    const first = systemRandom.bytes(32);
    const copy = Uint8Array.from(first);
    const large = systemRandom.bytes(100_000);
    expect(first).toEqual(copy);
    expect(large.length).toBe(100_000);
    expect(new Set(large).size).toBe(256);
    expect(large.subarray(-64).every((byte) => byte === 0)).toBe(false);
  });

  it('is reproducible from a seed', () => {
    const [a, b, c] = [seededRandom(7), seededRandom(7), seededRandom(8)];
    expect([a.int64(), a.uint31(), a.bytes(5)]).toEqual([b.int64(), b.uint31(), b.bytes(5)]);
    expect(c.int64()).not.toBe(seededRandom(7).int64());
  });
});
