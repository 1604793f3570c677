import { expect, test } from 'vitest';
import { allocateUserId, createDcMap } from '../src/index.ts';

test('one server plays every DC by default, with 2 as its home', () => {
  const map = createDcMap({ dcIds: [1, 2, 3, 4, 5] });
  expect(map.home).toBe(2);
  expect(map.splitOwners([allocateUserId(1n, 1), allocateUserId(1n, 4), 777_000n]).remote.size).toBe(0);
});

test('a server without DC 2 has its first one as home', () => {
  expect(createDcMap({ dcIds: [5, 4] })).toMatchObject({ home: 4, ids: [4, 5] });
  expect(() => createDcMap({ dcIds: [] })).toThrow(RangeError);
});

test('a key belongs to the DC of its handshake, media and test numbers included', () => {
  const map = createDcMap({ dcIds: [1, 2, 3] });
  expect([1, -1, 10_003, -10_003, 3].map((dc) => map.dcOfKey(dc))).toEqual([1, 1, 3, 3, 3]);
  expect([undefined, 0, 4, 27_531].map((dc) => map.dcOfKey(dc))).toEqual([2, 2, 2, 2]);
});

test('owners are split by their home', () => {
  const map = createDcMap({ dcIds: [2] });
  const here = allocateUserId(7n, 2);
  const there = [allocateUserId(7n, 4), allocateUserId(8n, 4)];
  expect(map.splitOwners([here, ...there, 777_000n])).toEqual({ local: [here, 777_000n], remote: new Map([[4, there]]) });
  expect(map.isLocal(here)).toBe(true);
  expect(map.isLocal(there[0]!)).toBe(false);
});
