import { homeDcOf, isIdInBounds } from '@aerogram/cluster';
import { homeOfTestPhone } from '@aerogram/cluster/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { APP, createWorld, errorOf, type World } from './accounts-world.ts';

describe('log-in', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('signs up a test number and finds the account again from another device', async () => {
    const { userId } = await world.signUp('9996610001', 'Alice');
    expect(userId & 7n).toBe(2n);
    const second = await world.newDevice();
    const sent = await world.domain.auth.doSendCode(second, '+999 661 00 01', APP);
    expect(sent.via).toBe('app');
    expect(await world.domain.auth.doSignIn(second, '9996610001', sent.codeHash, '11111')).toBe(userId);
    expect((await world.again(second)).userId).toBe(userId);
  });

  it('is refused with a test number to a device that may be elsewhere', async () => {
    await world.signUp('9996610009', 'Nell');
    const device = await world.newDevice();
    expect(await errorOf(world.domain.auth.doSendCode({ ...device, isForwarded: true }, '9996610009', APP))).toBe('PHONE_NUMBER_INVALID');
    const { codeHash } = await world.domain.auth.doSendCode(device, '9996610009', APP);
    expect(await errorOf(world.domain.auth.doSignIn({ ...device, isForwarded: true }, '9996610009', codeHash, '11111'))).toBe('PHONE_NUMBER_INVALID');
  });

  it('returns the same account when a sign-up is repeated after a crash', async () => {
    const device = await world.newDevice();
    const phone = '9996620002';
    const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
    expect(await world.domain.auth.doSignIn(device, phone, codeHash, '22222')).toBeUndefined();
    await world.restart();
    // The answer to the first sign-in was lost.
    expect(await world.domain.auth.doSignIn(device, phone, codeHash, '22222')).toBeUndefined();
    const names = { firstName: 'Bob', lastName: '' };
    const userId = await world.domain.auth.doSignUp(device, phone, codeHash, names);
    await world.restart();
    expect(await world.domain.auth.doSignUp(await world.again(device), phone, codeHash, names)).toBe(userId);
    expect(await world.domain.auth.doSignIn(await world.again(device), phone, codeHash, '22222')).toBe(userId);
    const rows = await world.db.q.selectFrom('users').select('user_id').where('phone', '=', phone).execute();
    expect(rows).toEqual([{ user_id: userId }]);
    const devices = await world.domain.auth.devices.listDevices(userId, device.permAuthKeyId);
    expect(devices).toHaveLength(1);
  });

  it('completes a sign-up that crashed after the number was reserved', async () => {
    const device = await world.newDevice();
    const phone = '9996630003';
    const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
    await world.domain.auth.doSignIn(device, phone, codeHash, '33333');
    await world.db.transact('crash', (tx) =>
      tx.q.insertInto('phones').values({ phone, user_id: 8_000_002n, reserved_date: world.clock.now() }).execute(),
    );
    await world.restart();
    const names = { firstName: 'Carol', lastName: 'Jones' };
    expect(await world.domain.auth.doSignUp(device, phone, codeHash, names)).toBe(8_000_002n);
    expect((await world.domain.users.findByPhone(phone))?.last_name).toBe('Jones');
  });

  it('lets one of two concurrent sign-ups of a number win, and the other log in', async () => {
    const phone = '9996640004';
    const devices = await Promise.all([world.newDevice(), world.newDevice()]);
    const hashes = await Promise.all(devices.map(async (one) => (await world.domain.auth.doSendCode(one, phone, APP)).codeHash));
    await Promise.all(devices.map((one, i) => world.domain.auth.doSignIn(one, phone, hashes[i]!, '44444')));
    const results = await Promise.allSettled(
      devices.map((one, i) => world.domain.auth.doSignUp(one, phone, hashes[i]!, { firstName: `D${i}`, lastName: '' })),
    );
    const won = results.filter((one) => one.status === 'fulfilled');
    expect(won).toHaveLength(1);
    const loser = results.findIndex((one) => one.status === 'rejected');
    expect((results[loser] as PromiseRejectedResult).reason).toMatchObject({ text: 'PHONE_NUMBER_OCCUPIED' });
    expect(await world.domain.auth.doSignIn(devices[loser]!, phone, hashes[loser]!, '44444')).toBe(won[0]!.value);
  });

  it('rejects a sign-up without the code, invalid names, and codes of other devices', async () => {
    const phone = '9996650005';
    const device = await world.newDevice();
    const other = await world.newDevice();
    const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
    const names = { firstName: 'Eve', lastName: '' };
    const { auth } = world.domain;
    expect(await errorOf(auth.doSignUp(device, phone, codeHash, names))).toBe('PHONE_CODE_INVALID');
    expect(await errorOf(auth.doSignIn(other, phone, codeHash, '55555'))).toBe('PHONE_CODE_EXPIRED');
    expect(await errorOf(auth.doSignIn(device, phone, '', '55555'))).toBe('PHONE_CODE_HASH_EMPTY');
    expect(await errorOf(auth.doSignIn(device, phone, codeHash, ''))).toBe('PHONE_CODE_EMPTY');
    expect(await errorOf(auth.doSendCode(device, '12ab', APP))).toBe('PHONE_NUMBER_INVALID');
    await auth.doSignIn(device, phone, codeHash, '55555');
    expect(await errorOf(auth.doSignUp(device, phone, codeHash, { firstName: ' ', lastName: '' }))).toBe('FIRSTNAME_INVALID');
  });

  it('counts wrong guesses, even over a crash, and then rejects the right code', async () => {
    const phone = '9996660006';
    const device = await world.newDevice();
    const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
    for (let guess = 0; guess < 5; guess++) {
      if (guess === 3) await world.restart();
      expect(await errorOf(world.domain.auth.doSignIn(device, phone, codeHash, '00000'))).toBe('PHONE_CODE_INVALID');
    }
    expect(await errorOf(world.domain.auth.doSignIn(device, phone, codeHash, '66666'))).toBe('PHONE_CODE_EXPIRED');
  });

  it('limits codes and guesses for an ordinary number, and delivers its codes', async () => {
    const phone = '15550001111';
    const { auth } = world.domain;
    const device = await world.newDevice();
    const first = await auth.doSendCode(device, '+1 555 000 1111', APP);
    expect(first.via).toBe('sms');
    expect(world.codes.at(-1)).toMatchObject({ phone, code: expect.stringMatching(/^\d{5}$/) as string });
    // If the same device asks again at once, it gets the same code.
    expect(await auth.doSendCode(device, phone, APP)).toEqual(first);
    expect(world.codes).toHaveLength(1);
    for (let n = 1; n < 8; n++) await auth.doSendCode(await world.newDevice(), phone, APP);
    expect(await errorOf(auth.doSendCode(await world.newDevice(), phone, APP))).toMatch(/^FLOOD_WAIT_\d+$/);
  });

  it('gives accounts ids that do not reveal one another', async () => {
    const phones = Array.from({ length: 5 }, (_, n) => `999667005${n}`);
    const ids: bigint[] = [];
    for (const phone of phones) ids.push((await world.signUp(phone, 'P')).userId);
    expect(ids.map(homeDcOf)).toEqual(phones.map(homeOfTestPhone));
    const sorted = ids.toSorted((a, b) => (a < b ? -1 : 1));
    for (const [at, id] of sorted.entries()) {
      expect(isIdInBounds('user', id)).toBe(true);
      expect(id - (sorted[at - 1] ?? 0n)).toBeGreaterThan(100_000n);
    }
  });

  it('picks another id if the random one is taken', async () => {
    const { auth, users } = world.domain;
    const { userId } = await world.signUp('9996670060', 'First');
    const phone = '9996670061';
    // As if both had drawn the same id.
    await world.db.q.insertInto('phones').values({ phone, user_id: userId, reserved_date: world.clock.now() }).execute();
    const second = await world.signUp(phone, 'Second');
    expect(second.userId).not.toBe(userId);
    expect((await users.findByPhone(phone))?.first_name).toBe('Second');
    expect((await users.findRow(userId))?.first_name).toBe('First');
    // A number that went to another account between the reservation and the sign-up stays there.
    const late = await world.newDevice();
    const { codeHash } = await auth.doSendCode(late, '9996670062', APP);
    await auth.doSignIn(late, '9996670062', codeHash, '77777');
    await world.db.q.insertInto('phones').values({ phone: '9996670062', user_id: userId, confirmed: true, reserved_date: world.clock.now() }).execute();
    expect(await errorOf(auth.doSignUp(late, '9996670062', codeHash, { firstName: 'Late', lastName: '' }))).toBe('PHONE_NUMBER_OCCUPIED');
  });

  it('rejects codes that expired or were cancelled', async () => {
    const phone = '9996670007';
    const { auth } = world.domain;
    const device = await world.newDevice();
    const first = await auth.doSendCode(device, phone, APP);
    await auth.doCancelCode(device, phone, first.codeHash);
    expect(await errorOf(auth.doSignIn(device, phone, first.codeHash, '77777'))).toBe('PHONE_CODE_EXPIRED');
    const second = await auth.doSendCode(device, phone, APP);
    expect(second.codeHash).not.toBe(first.codeHash);
    expect(await errorOf(auth.doResendCode(device, phone, second.codeHash))).toBe('SEND_CODE_UNAVAILABLE');
    await world.clock.advance(301_000);
    expect(await errorOf(auth.doSignIn(device, phone, second.codeHash, '77777'))).toBe('PHONE_CODE_EXPIRED');
  });

  it('does not log in twice with one code', async () => {
    const { device } = await world.signUp('9996680008', 'Hal');
    const { auth } = world.domain;
    const sent = await auth.doSendCode(device, '9996680008', APP);
    await auth.doSignIn(device, '9996680008', sent.codeHash, '88888');
    await auth.doLogOut(device);
    const guest = await world.again(device);
    expect(guest.userId).toBeUndefined();
    expect(await errorOf(auth.doSignIn(guest, '9996680008', sent.codeHash, '88888'))).toBe('PHONE_CODE_EXPIRED');
    // A log-out may be repeated.
    await auth.doLogOut(device);
  });

  it('allows only configured apps', async () => {
    await using strict = await createWorld({ allowedApps: [{ apiId: 7, apiHash: 'seven' }] });
    const device = await strict.newDevice();
    expect(await errorOf(strict.domain.auth.doSendCode(device, '9996610001', APP))).toBe('API_ID_INVALID');
    await strict.domain.auth.doSendCode(device, '9996610001', { apiId: 7, apiHash: 'seven' });
  });
});
