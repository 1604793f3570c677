import { expect, test } from 'vitest';

import { SeenKeys } from '../src/post-counts/seen-keys.ts';

const PERIOD_S = 100;

test('a key is remembered for one period at least and for two at most', () => {
  const seen = new SeenKeys<string>(1000, PERIOD_S);
  expect(seen.add('a', 1000)).toBe(true);
  expect(seen.add('a', 1000 + PERIOD_S - 1)).toBe(false);
  expect(seen.add('b', 1000 + PERIOD_S)).toBe(true);
  expect(seen.add('a', 1000 + PERIOD_S)).toBe(false);
  expect(seen.add('a', 1000 + 2 * PERIOD_S)).toBe(true);
  expect(seen.add('b', 1000 + 5 * PERIOD_S)).toBe(true);
});

test('no more keys are remembered than allowed, the newest of them', () => {
  const seen = new SeenKeys<string>(10, PERIOD_S);
  for (let n = 0; n < 100; n++) seen.add(`${n}`, 0);
  expect(seen.add('99', 0)).toBe(false);
  expect(seen.add('96', 0)).toBe(false);
  expect(seen.add('0', 0)).toBe(true);
});
