import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { doBanPhone } from '../../src/index.ts';
import { APP, createWorld, errorOf, type World } from './accounts-world.ts';
import { Authenticator } from './software-authenticator.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({}, { keepsLog: true });
});
afterAll(() => world[Symbol.asyncDispose]());

async function withPasskey(phone: string) {
  const { auth } = world.domain;
  const { userId, device } = await world.signUp(phone, 'Kay');
  const authenticator = new Authenticator();
  const made = authenticator.create(await auth.passkeys.doInitPasskey(userId, device.permAuthKeyId));
  const passkey = await auth.passkeys.doRegisterPasskey(userId, device.permAuthKeyId, made);
  return { userId, device, authenticator, made, passkey };
}

describe('passkeys', () => {
  it('do not log in to an account whose number is banned', async () => {
    const { auth } = world.domain;
    const { userId, authenticator } = await withPasskey('9996670009');
    await doBanPhone(world.db, { phone: '9996670009', userId, isBanned: true, nowDate: world.clock.now() });
    const guest = await world.newDevice();
    const answer = authenticator.get(await auth.passkeys.doInitPasskeyLogin(guest, APP));
    expect(await errorOf(auth.passkeys.doFinishPasskeyLogin(guest, answer, undefined))).toBe('PHONE_NUMBER_BANNED');
    expect(await world.again(guest)).toMatchObject({ userId: undefined, pendingUserId: undefined });
  });

  it('log in, and can be listed and deleted', async () => {
    const { auth } = world.domain;
    const { userId, device, authenticator, made, passkey } = await withPasskey('9996670001');
    expect(await auth.passkeys.listPasskeys(userId)).toEqual([passkey]);
    // A repeat does not create a second one.
    expect(await auth.passkeys.doRegisterPasskey(userId, device.permAuthKeyId, made)).toEqual(passkey);
    const guest = await world.newDevice();
    const answer = authenticator.get(await auth.passkeys.doInitPasskeyLogin(guest, APP));
    expect(await auth.passkeys.doFinishPasskeyLogin(guest, answer, undefined)).toBe(userId);
    expect(await auth.passkeys.doFinishPasskeyLogin(await world.again(guest), answer, undefined)).toBe(userId);
    expect((await world.again(guest)).userId).toBe(userId);
    expect((await auth.passkeys.listPasskeys(userId))[0]).toMatchObject({ last_usage_date: world.clock.now() });
    await auth.passkeys.doDeletePasskey(userId, passkey.id);
    expect(await auth.passkeys.listPasskeys(userId)).toEqual([]);
    const late = await world.newDevice();
    expect(await errorOf(auth.passkeys.doFinishPasskeyLogin(late, authenticator.get(await auth.passkeys.doInitPasskeyLogin(late, APP)), undefined))).toBe('CREDENTIAL_INVALID');
  });

  it('sign once, for the requesting key, from an allowed origin, and for their own user', async () => {
    const { auth } = world.domain;
    const { userId, authenticator } = await withPasskey('9996670002');
    world.logged.length = 0;
    const { userId: victim } = await world.signUp('9996670003', 'Vic');
    const [guest, thief] = [await world.newDevice(), await world.newDevice()];
    const ask = () => auth.passkeys.doInitPasskeyLogin(guest, APP);
    const finish = (answer: tl.inputPasskeyCredentialPublicKey, device = guest, from?: bigint) => errorOf(auth.passkeys.doFinishPasskeyLogin(device, answer, from === undefined ? undefined : { dcId: undefined, authKeyId: from }));
    const stolen = authenticator.get(await ask());
    expect(await finish(stolen, thief)).toBe('CREDENTIAL_INVALID');
    expect(await finish(stolen)).toBe('CREDENTIAL_INVALID');
    expect(await finish(authenticator.get(await ask(), { origin: 'https://phish.example' }))).toBe('PASSKEY_ORIGIN_MISMATCH');
    expect(await finish(authenticator.get(await ask(), { flags: 0x01 }))).toBe('CREDENTIAL_INVALID');
    expect(await finish(authenticator.get(await ask(), { handle: `2:${victim}` }))).toBe('CREDENTIAL_INVALID');
    const good = authenticator.get(await ask());
    if (good.response._ !== 'inputPasskeyResponseLogin') throw new Error(good.response._);
    good.response.authenticator_data[36]! ^= 1;
    expect(await finish(good)).toBe('CREDENTIAL_INVALID');
    const failures = world.logged.filter((line) => line['event'] === 'log_in_failed');
    expect(failures).toHaveLength(6);
    expect(failures[3]).toMatchObject({ reason: 'passkey', userId: Number(userId), address: guest.address });
    expect(failures[4]).not.toHaveProperty('userId');
    const old = authenticator.get(await ask());
    await world.clock.advance(601_000);
    expect(await finish(old)).toBe('CREDENTIAL_INVALID');
    // A client that switches data centres in between has another key.
    expect(await finish(authenticator.get(await ask()), thief, guest.permAuthKeyId)).toBe('no error');
  });
});
