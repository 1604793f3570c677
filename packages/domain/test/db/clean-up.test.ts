import { createFakeClock } from '@aerogram/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createWorld, type World } from './accounts-world.ts';

const DAY_MS = 86_400_000;

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

/** Everything that the clean-up may delete. */
async function left(guestKey: bigint): Promise<{ accounts: number; devices: number; guestKeys: number }> {
  const { q } = world.db;
  const accounts = await q.selectFrom('users').select('user_id').where('phone', 'is not', null).where('support', '=', false).execute();
  const devices = await q.selectFrom('authorizations').select('auth_key_id').execute();
  const keys = await q.selectFrom('auth_keys').select('auth_key_id').where('auth_key_id', '=', guestKey).execute();
  return { accounts: accounts.length, devices: devices.length, guestKeys: keys.length };
}

describe('the clean-up', () => {
  it('deletes nobody while the clock is not trusted, and inactive devices and accounts when it is', async () => {
    const { auth } = world.domain;
    const { userId, device } = await world.signUp('9996640001', 'Ada');
    await auth.devices.doSetDeviceTtl(userId, device.permAuthKeyId, 7);
    await auth.doSetAccountTtl({ userId, authKeyId: device.permAuthKeyId }, 30);
    const { permAuthKeyId: guestKey } = await world.newDevice();
    const all = { accounts: 1, devices: 1, guestKeys: 1 };
    expect(await left(guestKey)).toEqual(all);
    world.doubt = 'it jumped ahead by 31 days';
    await world.clock.advance(31 * DAY_MS);
    await auth.doCleanUp();
    expect(await left(guestKey)).toEqual(all);
    world.doubt = undefined;
    await auth.doCleanUp();
    expect(await left(guestKey)).toEqual({ accounts: 0, devices: 0, guestKeys: 0 });
  });

  it('counts real time, when a test moves the other clock ahead', async () => {
    await using moved = await createWorld({}, { sessionClock: createFakeClock() });
    const { auth } = moved.domain;
    const { userId, device } = await moved.signUp('9996640002', 'Bea');
    await auth.devices.doSetDeviceTtl(userId, device.permAuthKeyId, 7);
    await auth.doSetAccountTtl({ userId, authKeyId: device.permAuthKeyId }, 30);
    await moved.clock.advance(31 * DAY_MS);
    await auth.doCleanUp();
    const { q } = moved.db;
    expect(await q.selectFrom('users').select('deleted').where('user_id', '=', userId).execute()).toEqual([{ deleted: false }]);
    expect(await q.selectFrom('authorizations').select('user_id').execute()).toEqual([{ user_id: userId }]);
  });
});
