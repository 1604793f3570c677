import { expect, test } from 'vitest';
import { createDcMap } from '../src/index.ts';

test('a server serves every DC by default, with 2 as its home', () => {
  const map = createDcMap({ dcIds: [1, 2, 3, 4, 5] });
  expect(map.home).toBe(2);
  expect(map.ids).toEqual([1, 2, 3, 4, 5]);
});

test('a server without DC 2 has its lowest one as home', () => {
  expect(createDcMap({ dcIds: [5, 4] })).toMatchObject({ home: 4, ids: [4, 5] });
  expect(() => createDcMap({ dcIds: [] })).toThrow(RangeError);
});

test('a key belongs to the DC of its handshake, including media and test DCs', () => {
  const map = createDcMap({ dcIds: [1, 2, 3] });
  expect([1, -1, 10_003, -10_003, 3].map((dc) => map.dcOfKey(dc))).toEqual([1, 1, 3, 3, 3]);
  expect([undefined, 0, 4, 27_531].map((dc) => map.dcOfKey(dc))).toEqual([2, 2, 2, 2]);
});
