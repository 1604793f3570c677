import { expect, test } from 'vitest';
import { isThrown } from '../src/page/composer/writer.ts';
import { placesOfDie } from '../src/worker/models/dice.ts';

test('a value is shown by the document with its number', () => {
  expect([0, 1, 6].map((value) => placesOfDie('🎲', value))).toEqual([[0], [1], [6]]);
});

test('a slot machine is put together as other apps do it', () => {
  // The machine, the reels from left to right, the lever.
  expect(placesOfDie('🎰', 0)).toEqual([0, 8, 14, 20, 2]);
  expect(placesOfDie('🎰', 64)).toEqual([1, 3, 9, 15, 2]);
  // Three bars.
  expect(placesOfDie('🎰', 1)).toEqual([1, 5, 11, 17, 2]);
  // For values without a row, as TDLib computes it.
  for (const value of [2, 4, 16, 17, 37, 63]) {
    expect(placesOfDie('🎰', value), String(value)).toEqual([0, 4 + (value % 4), 10 + (Math.floor((value + 3) / 4) % 4), 16 + (Math.floor((value + 15) / 16) % 4), 2]);
  }
});

test('only a die that stands alone is thrown', () => {
  const text = (written: string): { text: string; entities: [] } => ({ text: written, entities: [] });
  expect(['🎲', ' 🎯 ', '⚽', '⚽\uFE0F', '🎰'].map((written) => isThrown(text(written)))).toEqual([true, true, true, true, true]);
  expect(['', '🎲🎲', 'a 🎲', '🎱'].map((written) => isThrown(text(written)))).toEqual([false, false, false, false]);
  expect(isThrown({ text: '🎲', entities: [{ kind: 'custom', offset: 0, length: 2, id: '1' } as never] })).toBe(false);
});
