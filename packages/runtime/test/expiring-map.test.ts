import { describe, expect, it } from 'vitest';

import { ExpiringMap } from '../src/index.ts';

describe('a map whose entries expire', () => {
  const clock = { date: 1000, now: () => clock.date };

  it('forgets an entry after its time, and frees it when another one comes', () => {
    const map = new ExpiringMap<string, number>({ most: 10, ageS: 60 }, clock);
    map.set('a', 1);
    clock.date += 30;
    map.set('b', 2);
    clock.date += 29;
    expect(map.get('a')).toBe(1);
    clock.date += 1;
    expect([map.get('a'), map.get('b')]).toEqual([undefined, 2]);
    map.set('c', 3);
    expect(map.size).toBe(2);
  });

  it('keeps its bound, and drops the oldest entry first', () => {
    const map = new ExpiringMap<string, number>({ most: 2, ageS: 60 }, clock);
    for (const [key, value] of [['a', 1], ['b', 2], ['a', 3], ['c', 4]] as const) map.set(key, value);
    expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([3, undefined, 4]);
    expect(map.size).toBe(2);
  });
});
