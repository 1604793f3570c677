import { describe, expect, it } from 'vitest';

import { RecentMap } from '../src/index.ts';

const MOST = 100;

/** A map after this many keys were added: 0, 1, 2… */
function flooded(keys: number): RecentMap<number, string> {
  const map = new RecentMap<number, string>(MOST);
  for (let key = 0; key < keys; key++) map.set(key, `v${key}`);
  return map;
}

describe('a map of recently used entries', () => {
  it.each([99, 100, 101, 149, 150, 151, 1000])('keeps its bound after %s keys, and the newest half of it', (keys) => {
    const map = flooded(keys);
    for (let key = 0; key < keys - MOST; key++) expect(map.get(key)).toBeUndefined();
    for (let key = keys - MOST / 2; key < keys; key++) expect(map.get(key)).toBe(`v${key}`);
  });

  it('keeps an entry that is used before half of the bound of others are added, however many are added', () => {
    const map = new RecentMap<number, string>(MOST);
    map.set(-1, 'mine');
    for (let key = 0; key < 10_000; key++) {
      map.set(key, '');
      if (key % (MOST / 2) === 0) expect(map.get(-1)).toBe('mine');
    }
    expect(map.get(-1)).toBe('mine');
  });

  it('drops what is not used', () => {
    const map = flooded(1);
    for (let key = 1; key <= MOST; key++) map.set(key, '');
    expect(map.get(0)).toBeUndefined();
  });

  it('has the newest value of a key, in whichever generation it was', () => {
    const map = flooded(MOST / 2 + 1);
    map.set(0, 'new');
    expect(map.get(0)).toBe('new');
    map.set(0, 'newer');
    for (let key = 1; key <= MOST / 2; key++) map.set(key, '');
    expect(map.get(0)).toBe('newer');
  });

  it('deletes a key in both generations, and clears all', () => {
    const map = flooded(MOST / 2 + 1);
    // After it was used again, it is in both.
    map.get(0);
    map.delete(0);
    expect([map.get(0), map.get(1)]).toEqual([undefined, 'v1']);
    map.clear();
    expect([map.get(1), map.get(MOST / 2)]).toEqual([undefined, undefined]);
  });

  it('with a bound of two keeps the one that was used last', () => {
    const map = new RecentMap<string, number>(2);
    for (const key of ['a', 'b', 'a', 'c']) map.set(key, 1);
    expect([map.get('b'), map.get('a'), map.get('c')]).toEqual([undefined, 1, 1]);
  });
});
