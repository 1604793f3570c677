import { seededRandom } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { sortedUnique } from '../src/database/counters.ts';

test('ids are sorted, each once, however many they are', () => {
  const random = seededRandom('ids');
  for (let round = 0; round < 500; round++) {
    const ids = Array.from({ length: random.uint31() % 14 }, () => BigInt(random.uint31() % 9) - 4n);
    expect(sortedUnique(new Set(ids))).toEqual(sortedUnique(ids));
    expect(sortedUnique(ids)).toEqual([...new Set(ids)].sort((a, b) => Number(a - b)));
  }
});
