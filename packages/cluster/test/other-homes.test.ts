import { expect, it } from 'vitest';

import { allocateUserId, CHANNEL_OFFSET, dcOfPeer, SERVICE_USER_IDS } from '../src/index.ts';

const ALL = [1, 2, 3, 4, 5];

it('finds the data centre of a person by the id, if it is one of the others', () => {
  expect(ALL.map((dc) => dcOfPeer(allocateUserId(100_000_000n, dc), [1, 3]))).toEqual([1, undefined, 3, undefined, undefined]);
});

it('finds none for service accounts, which every data centre has itself', () => {
  expect(SERVICE_USER_IDS.size).toBeGreaterThan(0);
  for (const id of SERVICE_USER_IDS) expect(dcOfPeer(id, ALL), String(id)).toBeUndefined();
});

it('finds none for groups and channels, whatever their ids end with', () => {
  for (let id = 1n; id <= 16n; id++) expect([dcOfPeer(-id, ALL), dcOfPeer(-CHANNEL_OFFSET - id, ALL)]).toEqual([undefined, undefined]);
});
