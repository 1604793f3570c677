import { createFakeClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { Arena, SLOT_BYTES } from '../src/arena.ts';
import { WindowCache } from '../src/window-cache.ts';

const A = 'aa'.repeat(16);
const B = 'bb'.repeat(16);

function stage(slots: number): { cache: WindowCache; clock: ReturnType<typeof createFakeClock>; add(file: string, window: number, bytes: Uint8Array): boolean } {
  const clock = createFakeClock();
  const cache = new WindowCache({ bytes: slots * SLOT_BYTES, maxIdleMs: 60_000, clock });
  return {
    cache,
    clock,
    add(file, window, bytes) {
      const draft = cache.draft(bytes.length)!;
      for (let at = 0; at < bytes.length; at += 50_000) draft.write(bytes.subarray(at, at + 50_000));
      return draft.keep(file, window);
    },
  };
}

function pattern(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8) + seed) & 255);
}

function read(cache: WindowCache, file: string, window: number, [from, length]: [number, number]): Uint8Array | undefined {
  const target = new Uint8Array(length);
  return cache.read(file, window, from, target) ? target : undefined;
}

test('a window is read in any parts as it was written, also across slots', () => {
  const { cache, add } = stage(8);
  const bytes = pattern(3 * SLOT_BYTES + 1234, 5);
  expect(add(A, 2, bytes)).toBe(true);
  for (const [from, length] of [[0, bytes.length], [SLOT_BYTES - 4096, 8192], [3 * SLOT_BYTES, 1234], [4096, 4096], [0, 0]] as const) {
    expect(Buffer.compare(read(cache, A, 2, [from, length])!, bytes.subarray(from, from + length))).toBe(0);
  }
  expect(read(cache, A, 2, [3 * SLOT_BYTES, 1235])).toBeUndefined();
  expect(read(cache, A, 1, [0, 1])).toBeUndefined();
  expect(read(cache, B, 2, [0, 1])).toBeUndefined();
  expect(cache.bytes).toBe(4 * SLOT_BYTES);
});

test('the window that was used least recently makes room', () => {
  const { cache, add } = stage(3);
  for (const window of [0, 1, 2]) add(A, window, pattern(SLOT_BYTES, window));
  read(cache, A, 0, [0, 1]);
  add(B, 0, pattern(10, 9));
  expect([0, 1, 2].map((window) => cache.has(A, window, 1))).toEqual([true, false, true]);
  expect(read(cache, B, 0, [0, 10])).toEqual(pattern(10, 9));
  expect(cache.windows).toBe(3);
});

test('a window that nobody used for too long is dropped', async () => {
  const { cache, clock, add } = stage(4);
  add(A, 0, pattern(10, 0));
  add(A, 1, pattern(10, 1));
  await clock.advance(40_000);
  read(cache, A, 0, [0, 1]);
  await clock.advance(30_000);
  expect(cache.dropIdle()).toBe(1);
  expect([0, 1].map((window) => cache.has(A, window, 1))).toEqual([true, false]);
});

test('a window that is not complete is not served, and gives its memory back', () => {
  const { cache } = stage(2);
  const short = cache.draft(100)!;
  short.write(pattern(99, 0));
  expect(short.keep(A, 0)).toBe(false);
  const long = cache.draft(100)!;
  expect(long.write(pattern(101, 0))).toBe(false);
  long.drop();
  long.drop();
  expect(cache.windows).toBe(0);
  expect(cache.bytes).toBe(0);
});

test('windows that are being received take no more memory than there is', () => {
  const { cache, add } = stage(2);
  add(A, 0, pattern(10, 0));
  const first = cache.draft(SLOT_BYTES)!;
  const second = cache.draft(SLOT_BYTES)!;
  expect(cache.has(A, 0, 1)).toBe(false);
  expect(cache.draft(1)).toBeUndefined();
  first.drop();
  expect(cache.draft(1)).toBeDefined();
  second.drop();
});

test('a window that comes again replaces the earlier one', () => {
  const { cache, add } = stage(4);
  add(A, 0, pattern(10, 0));
  add(A, 0, pattern(20, 1));
  expect(read(cache, A, 0, [0, 20])).toEqual(pattern(20, 1));
  expect(cache.windows).toBe(1);
  expect(cache.bytes).toBe(SLOT_BYTES);
});

test('all windows of a file are forgotten at once', () => {
  const { cache, add } = stage(4);
  for (const window of [0, 1]) add(A, window, pattern(10, window));
  add(B, 0, pattern(10, 2));
  expect(cache.forget(A)).toBe(2);
  expect(cache.forget(A)).toBe(0);
  expect(cache.has(A, 0, 1)).toBe(false);
  expect(cache.has(B, 0, 1)).toBe(true);
});

test('memory is taken once and reused afterwards', () => {
  const arena = new Arena(100 * SLOT_BYTES + 1);
  const buffers = new Set<ArrayBufferLike>();
  for (let round = 0; round < 10; round++) {
    const slots = Array.from({ length: 100 }, () => arena.take());
    for (const { buffer } of slots) buffers.add(buffer);
    expect(arena.left).toBe(0);
    expect(() => arena.take()).toThrow(RangeError);
    for (const slot of slots) arena.give(slot);
  }
  expect([...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0)).toBe(100 * SLOT_BYTES);
});
