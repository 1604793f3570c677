import { locatePart, MAX_WINDOW, WINDOW_BYTES, windowLength } from '@aerogram/cdn-protocol';
import { expect, test } from 'vitest';

const SIZE = 2 * WINDOW_BYTES + 100_000;

test('a part is found in its window, cut off at the end of the file', () => {
  expect(locatePart(0n, WINDOW_BYTES, SIZE)).toEqual({ window: 0, from: 0, length: WINDOW_BYTES });
  expect(locatePart(1_048_576n + 131_072n, 131_072, SIZE)).toEqual({ window: 1, from: 131_072, length: 131_072 });
  expect(locatePart(2_097_152n + 65_536n, 65_536, SIZE)).toEqual({ window: 2, from: 65_536, length: 34_464 });
  expect(locatePart(2_097_152n + 131_072n, 4096, SIZE)).toEqual({ window: 2, from: 131_072, length: 0 });
});

test('a part must be aligned, divide a window, and not cross the end of one', () => {
  for (const limit of [0, -4096, 1, 4095, 12_288, 2 * WINDOW_BYTES]) expect(locatePart(0n, limit, SIZE)).toBe('limit');
  for (const offset of [-4096n, 1n, 4095n, 2n ** 62n]) expect(locatePart(offset, 4096, SIZE)).toBe('offset');
  expect(locatePart(4096n, WINDOW_BYTES, SIZE)).toBe('offset');
  expect(locatePart(BigInt(MAX_WINDOW) * BigInt(WINDOW_BYTES), WINDOW_BYTES, SIZE)).toMatchObject({ length: 0 });
  expect(locatePart(BigInt(MAX_WINDOW + 1) * BigInt(WINDOW_BYTES), WINDOW_BYTES, SIZE)).toBe('offset');
});

test('the last window of a file is as long as what is left', () => {
  expect([0, 1, 2, 3].map((window) => windowLength(SIZE, window))).toEqual([WINDOW_BYTES, WINDOW_BYTES, 100_000, 0]);
});
