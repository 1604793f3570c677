import { seededRandom } from '@aerogram/runtime';
import { expect, it } from 'vitest';
import { SmallMap } from '../src/small-map.ts';

it('behaves like a Map, with the same order', () => {
  const random = seededRandom(7);
  const small = new SmallMap<number, number>();
  const map = new Map<number, number>();
  for (let step = 0; step < 5000; step++) {
    const key = random.uint31() % 4;
    switch (random.uint31() % 16) {
      case 0:
        small.clear();
        map.clear();
        break;
      case 1: case 2: case 3: case 4: case 5: case 6: case 7:
        expect(small.delete(key)).toBe(map.delete(key));
        break;
      default:
        small.set(key, step);
        map.set(key, step);
    }
    expect([...small]).toEqual([...map]);
    expect(small.keys()).toEqual([...map.keys()]);
    expect(small.values()).toEqual([...map.values()]);
    expect([small.size, small.has(key), small.get(key)]).toEqual([map.size, map.has(key), map.get(key)]);
  }
});

it('can be emptied while iterating over it', () => {
  const small = new SmallMap<number, string>();
  for (const key of [1, 2, 3]) small.set(key, 'x');
  for (const key of small.keys()) expect(small.delete(key)).toBe(true);
  expect(small.size).toBe(0);
});
