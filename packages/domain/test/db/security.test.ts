import { userTopic } from '@aerogram/bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { UserHint } from '../../src/index.ts';
import { APP, createWorld, errorOf, type World } from './accounts-world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const DAY_MS = 86_400_000;

/** One more device of an account. */
async function logIn(phone: string) {
  const device = await world.newDevice();
  const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
  await world.domain.auth.doSignIn(device, phone, codeHash, phone.charAt(5).repeat(5));
  return world.again(device);
}

describe('devices', () => {
  it('asks the older devices about a new one until one of them answers', async () => {
    const { auth } = world.domain;
    const { userId, device: old } = await world.signUp('9996630001', 'Dee');
    const heard: UserHint[] = [];
    using _ = world.bus.subscribe(userTopic(userId), (hint) => void heard.push(hint as UserHint));
    const fresh = await logIn('9996630001');
    const [, row] = await auth.listDevices(userId, old.permAuthKeyId);
    expect(row).toMatchObject({ unconfirmed: true });
    expect(heard).toMatchObject([{ kind: 'transient', update: { _: 'updateNewAuthorization', unconfirmed: true, hash: row!.hash } }]);
    const nothing = { confirmed: false, encrypted_requests_disabled: undefined, call_requests_disabled: undefined };
    await auth.doChangeDevice(userId, fresh.permAuthKeyId, 0n, { ...nothing, confirmed: true });
    expect((await auth.listDevices(userId, fresh.permAuthKeyId))[0]).toMatchObject({ current: true, unconfirmed: true });
    await auth.doChangeDevice(userId, old.permAuthKeyId, row!.hash, { ...nothing, confirmed: true, call_requests_disabled: true });
    expect((await auth.listDevices(userId, old.permAuthKeyId))[1]).toMatchObject({ unconfirmed: undefined, call_requests_disabled: true });
    expect(heard.at(-1)).toEqual({ kind: 'transient', owner: userId, update: { _: 'updateNewAuthorization', hash: row!.hash } });
    expect(await errorOf(auth.doChangeDevice(userId, old.permAuthKeyId, 12n, nothing))).toBe('HASH_INVALID');
  });

  it('does not let a fresh device end the older ones', async () => {
    const { auth } = world.domain;
    const { userId, device: old } = await world.signUp('9996630002', 'Dee');
    await world.clock.advance(1000);
    const fresh = await logIn('9996630002');
    const [, row] = await auth.listDevices(userId, fresh.permAuthKeyId);
    expect(await errorOf(auth.doResetDevice(userId, fresh.permAuthKeyId, row!.hash))).toBe('FRESH_RESET_AUTHORISATION_FORBIDDEN');
    expect(await errorOf(auth.doResetOtherDevices(userId, fresh.permAuthKeyId))).toBe('FRESH_RESET_AUTHORISATION_FORBIDDEN');
    await world.clock.advance(DAY_MS);
    await auth.doResetOtherDevices(userId, fresh.permAuthKeyId);
    expect((await world.domain.auth.findKeyState(old.permAuthKeyId))?.revoked).toBe(true);
  });

  it('logs idle devices out after the time that the user chose', async () => {
    const { auth } = world.domain;
    const { userId, device: idle } = await world.signUp('9996630003', 'Dee');
    expect(await auth.findDeviceTtl(userId)).toBe(183);
    expect(await errorOf(auth.doSetDeviceTtl(userId, 0))).toBe('TTL_DAYS_INVALID');
    await auth.doSetDeviceTtl(userId, 7);
    await world.clock.advance(4 * DAY_MS);
    const used = await logIn('9996630003');
    await world.clock.advance(4 * DAY_MS);
    await auth.doCleanUp();
    expect((await world.again(idle)).userId).toBeUndefined();
    expect((await world.again(used)).userId).toBe(userId);
  });
});

describe('the end of an account', () => {
  it('leaves a deleted account, a free number and no device', async () => {
    const { auth, users, contacts } = world.domain;
    const { userId, device } = await world.signUp('9996640001', 'Gone');
    const { userId: friendId } = await world.signUp('9996640002', 'Fay');
    await contacts.doImportContacts(friendId, [{ clientId: 1n, phone: '9996640001', firstName: 'Old', lastName: 'Pal' }]);
    const tablet = await logIn('9996640001');
    const heard: UserHint[] = [];
    await users.projectUsers(friendId, [userId]);
    using _ = world.bus.subscribe(userTopic(friendId), (hint) => void heard.push(hint as UserHint));
    await auth.doDeleteAccount({ userId, authKeyId: device.permAuthKeyId, loggingIn: false }, undefined);
    expect(heard).toMatchObject([{ kind: 'transient', update: { _: 'updateUser', user_id: userId } }]);
    const [seen] = await users.projectUsers(friendId, [userId]);
    expect(seen).toMatchObject({ _: 'user', deleted: true });
    expect(seen).not.toHaveProperty('first_name');
    for (const one of [device, tablet]) {
      expect(await auth.findKeyState(one.permAuthKeyId)).toMatchObject({ userId: undefined, deactivated: true });
    }
    expect(await users.findByPhone('9996640001')).toBeUndefined();
    const again = await world.signUp('9996640001', 'New');
    expect(again.userId).not.toBe(userId);
    // The key of the old account may be used for the new one.
    const { codeHash } = await auth.doSendCode(device, '9996640001', APP);
    await auth.doSignIn(await world.again(device), '9996640001', codeHash, '44444');
    expect(await auth.findKeyState(device.permAuthKeyId)).toMatchObject({ userId: again.userId, deactivated: false });
  });

  it('comes after as many days without activity as the owner said', async () => {
    const { auth } = world.domain;
    const { userId } = await world.signUp('9996640003', 'Idle');
    const { userId: patient } = await world.signUp('9996640004', 'Patient');
    expect(await errorOf(auth.doSetAccountTtl(userId, 1))).toBe('TTL_DAYS_INVALID');
    await auth.doSetAccountTtl(userId, 30);
    expect(await auth.findAccountTtl(userId)).toBe(30);
    expect(await auth.findAccountTtl(patient)).toBe(548);
    await world.clock.advance(29 * DAY_MS);
    await auth.doCleanUp();
    expect((await world.domain.users.findRow(userId))?.deleted).toBe(false);
    await world.clock.advance(2 * DAY_MS);
    await auth.doCleanUp();
    expect((await world.domain.users.findRow(userId))?.deleted).toBe(true);
    expect((await world.domain.users.findRow(patient))?.deleted).toBe(false);
    expect((await world.domain.users.findRow(777_000n))?.deleted).toBe(false);
  });
});
