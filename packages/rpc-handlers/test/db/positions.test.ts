import { afterAll, beforeAll, expect, test } from 'vitest';

import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

let world: RpcWorld;
beforeAll(async () => {
  world = await createRpcWorld('positions');
});
afterAll(() => world[Symbol.asyncDispose]());

test('a device’s confirmed position is the one it asks from, never the one in the answer', async () => {
  const { authKeyId, userId } = await world.signUp('9996612345', 'Ann');
  const read = async (): Promise<{ confirmed_pts: number | null; confirmed_date: number | null }> => {
    await world.domain.positions.flush();
    return world.db.q.selectFrom('authorizations').select(['confirmed_pts', 'confirmed_date']).where('user_id', '=', userId).executeTakeFirstOrThrow();
  };
  expect(await read()).toEqual({ confirmed_pts: null, confirmed_date: null });
  await world.call(authKeyId, { _: 'updates.getState' });
  const { pts: begun } = await world.domain.updates.findState(userId);
  expect((await read()).confirmed_pts).toBe(begun);

  for (let sent = 0; sent < 3; sent++) {
    await world.call(authKeyId, { _: 'messages.sendMessage', peer: { _: 'inputPeerSelf' }, message: 'hello', random_id: world.random.int63() });
  }
  const difference = { _: 'updates.getDifference', pts: begun, date: 1000, qts: 0 } as const;
  expect((await world.call(authKeyId, difference)).error).toBeUndefined();
  await world.call(authKeyId, { _: 'updates.getState' });
  expect(await read()).toEqual({ confirmed_pts: begun, confirmed_date: 1000 });
  await world.call(authKeyId, { ...difference, pts: begun + 2 });
  expect((await read()).confirmed_pts).toBe(begun + 2);
  // A position beyond the box, or a future date, is limited to the box and the current time.
  await world.call(authKeyId, { ...difference, pts: begun + 1000, date: 2 ** 31 - 1, pts_limit: 1, qts_limit: 1 });
  const last = await read();
  expect(last.confirmed_pts).toBe(begun + 3);
  expect(last.confirmed_date).toBeLessThan(2 ** 31 - 1);
  expect((await world.call(authKeyId, { ...difference, pts: 0 })).error).toBe('PERSISTENT_TIMESTAMP_EMPTY');
  expect(await read()).toEqual(last);
  expect(world.domain.jobKinds.map(({ kind }) => kind)).toContain('prune-update-log');
});

test('a difference says where the channels are that it names', async () => {
  const { authKeyId } = await world.signUp('9996612346', 'Ben');
  const { boxSteps } = await world.call(authKeyId, { _: 'channels.createChannel', broadcast: true, title: 'News', about: '' });
  const { owner, pts } = boxSteps.find((step) => step.owner < 0n)!;
  const difference = await world.call(authKeyId, { _: 'updates.getDifference', pts: 1, date: 1, qts: 0 });
  expect(difference.boxSteps).toContainEqual({ owner, pts, ptsCount: 0, looseSeq: 0 });
});
