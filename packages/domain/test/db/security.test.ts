import { userTopic } from '@aerogram/bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openPushToken } from '../../src/auth/index.ts';
import type { UserHint } from '../../src/index.ts';
import { APP, createWorld, errorOf, type World } from './accounts-world.ts';
import { proverOf } from './password-client.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const DAY_MS = 86_400_000;

describe('devices', () => {
  it('asks the older devices about a new one until one of them answers', async () => {
    const { auth } = world.domain;
    const { userId, device: old } = await world.signUp('9996630001', 'Dee');
    const heard: UserHint[] = [];
    using _ = world.bus.subscribe(userTopic(userId), (hint) => void heard.push(hint as UserHint));
    const fresh = (await world.logIn('9996630001')).device;
    const [, row] = await auth.devices.listDevices(userId, old.permAuthKeyId);
    expect(row).toMatchObject({ unconfirmed: true });
    expect(heard).toMatchObject([{ kind: 'transient', update: { _: 'updateNewAuthorization', unconfirmed: true, hash: row!.hash } }]);
    const nothing = { confirmed: false, encrypted_requests_disabled: undefined, call_requests_disabled: undefined };
    await auth.devices.doChangeDevice(userId, fresh.permAuthKeyId, 0n, { ...nothing, confirmed: true });
    expect((await auth.devices.listDevices(userId, fresh.permAuthKeyId))[0]).toMatchObject({ current: true, unconfirmed: true });
    await auth.devices.doChangeDevice(userId, old.permAuthKeyId, row!.hash, { ...nothing, confirmed: true, call_requests_disabled: true });
    expect((await auth.devices.listDevices(userId, old.permAuthKeyId))[1]).toMatchObject({ unconfirmed: undefined, call_requests_disabled: true });
    expect(heard.at(-1)).toEqual({ kind: 'transient', owner: userId, update: { _: 'updateNewAuthorization', hash: row!.hash } });
    expect(await errorOf(auth.devices.doChangeDevice(userId, old.permAuthKeyId, 12n, nothing))).toBe('HASH_INVALID');
  });

  it('does not let a new device log out the older ones', async () => {
    const { auth } = world.domain;
    const { userId, device: old } = await world.signUp('9996630002', 'Dee');
    await world.clock.advance(1000);
    const fresh = (await world.logIn('9996630002')).device;
    const [, row] = await auth.devices.listDevices(userId, fresh.permAuthKeyId);
    expect(await errorOf(auth.devices.doResetDevice(userId, fresh.permAuthKeyId, row!.hash))).toBe('FRESH_RESET_AUTHORISATION_FORBIDDEN');
    expect(await errorOf(auth.devices.doResetOtherDevices(userId, fresh.permAuthKeyId))).toBe('FRESH_RESET_AUTHORISATION_FORBIDDEN');
    await world.clock.advance(DAY_MS);
    await auth.devices.doResetOtherDevices(userId, fresh.permAuthKeyId);
    expect((await world.domain.auth.findKeyState(old.permAuthKeyId))?.revoked).toBe(true);
  });

  it('logs out inactive devices after the time that the user chose', async () => {
    const { auth } = world.domain;
    const { userId, device: idle } = await world.signUp('9996630003', 'Dee');
    expect(await auth.devices.findDeviceTtl(userId)).toBe(183);
    expect(await errorOf(auth.devices.doSetDeviceTtl(userId, idle.permAuthKeyId, 0))).toBe('TTL_DAYS_INVALID');
    await auth.devices.doSetDeviceTtl(userId, idle.permAuthKeyId, 7);
    await world.clock.advance(4 * DAY_MS);
    const used = (await world.logIn('9996630003')).device;
    await world.clock.advance(4 * DAY_MS);
    await auth.doCleanUp();
    expect((await world.again(idle)).userId).toBeUndefined();
    expect((await world.again(used)).userId).toBe(userId);
  });
});

describe('the phone number', () => {
  it('is changed by a code sent to the new number, and those affected are told', async () => {
    const { auth, users } = world.domain;
    const { userId, device } = await world.signUp('9996650001', 'Nell');
    const { userId: otherId } = await world.signUp('9996650002', 'Olaf');
    expect(await errorOf(auth.doSendChangePhoneCode(device, '9996650002'))).toBe('PHONE_NUMBER_OCCUPIED');
    const sent = await auth.doSendChangePhoneCode(device, '15551230001');
    const { code, phone } = world.codes.at(-1)!;
    expect(phone).toBe('15551230001');
    // A code for a change does not log in, and a log-in code does not change the number.
    expect(await errorOf(auth.doSignIn(device, phone, sent.codeHash, code))).toBe('PHONE_CODE_EXPIRED');
    expect(await errorOf(auth.doChangePhone(device, phone, { codeHash: sent.codeHash, code: 'x' }, undefined))).toBe('PHONE_CODE_INVALID');
    expect(await auth.doChangePhone(device, phone, { codeHash: sent.codeHash, code }, undefined)).toBe(userId);
    expect(await auth.doChangePhone(device, phone, { codeHash: sent.codeHash, code }, undefined)).toBe(userId);
    expect((await users.findByPhone(phone))?.user_id).toBe(userId);
    expect(await users.findByPhone('9996650001')).toBeUndefined();
    const log = await world.db.q.selectFrom('update_log').selectAll().where('owner_id', '=', userId).execute();
    expect(log).toHaveLength(1);
    await world.runJobs('repeat');
    const notice = await world.db.q.selectFrom('messages').select('text').where('owner_id', '=', userId).execute();
    expect(notice).toMatchObject([{ text: expect.stringContaining('Phone number changed.') as string }]);
    expect((await users.findRow(otherId))?.phone).toBe('9996650002');
    // The old number is free for a new account.
    expect((await world.signUp('9996650001', 'New')).userId).not.toBe(userId);
  });

  it('goes to one of two users who want it at the same time', async () => {
    const { auth, users } = world.domain;
    const asked = [];
    for (const phone of ['9996650003', '9996650004']) {
      const { userId, device } = await world.signUp(phone, 'Racer');
      asked.push({ userId, device, ...(await auth.doSendChangePhoneCode(device, '9996650009')) });
    }
    const answers = await Promise.all(asked.map(({ device, codeHash }) => errorOf(auth.doChangePhone(device, '9996650009', { codeHash, code: '55555' }, undefined))));
    expect(answers.filter((answer) => answer === 'PHONE_NUMBER_OCCUPIED')).toHaveLength(1);
    const winner = asked[answers.findIndex((answer) => answer !== 'PHONE_NUMBER_OCCUPIED')]!;
    expect((await users.findByPhone('9996650009'))?.user_id).toBe(winner.userId);
  });

  it('cannot be changed by a device that has just logged in', async () => {
    await world.signUp('9996650005', 'Nell');
    await world.clock.advance(1000);
    const fresh = (await world.logIn('9996650005')).device;
    expect(await errorOf(world.domain.auth.doSendChangePhoneCode(fresh, '9996650008'))).toBe('FRESH_CHANGE_PHONE_FORBIDDEN');
  });

  it('cannot be logged in to with a code that the owner has invalidated', async () => {
    const { auth } = world.domain;
    const { userId } = await world.signUp('9996650006', 'Nell');
    const guest = await world.newDevice();
    const { codeHash } = await auth.doSendCode(guest, '9996650006', APP);
    await auth.doInvalidateCodes(userId, ['55555']);
    expect(await errorOf(auth.doSignIn(guest, '9996650006', codeHash, '55555'))).toBe('PHONE_CODE_EXPIRED');
  });
});

describe('push tokens', () => {
  it('are one per type and device, and end with the log-in', async () => {
    const { auth } = world.domain;
    const { userId, device } = await world.signUp('9996660001', 'Pia');
    const token = { tokenType: 2, token: 'fcm-1', secret: new Uint8Array(), sandbox: false, noMuted: false, otherUids: [] };
    const list = async (): Promise<{ token: string; lock: number | null }[]> => {
      const rows = await world.db.q.selectFrom('notice_devices').innerJoin('authorizations', (join) => join.onRef('authorizations.user_id', '=', 'notice_devices.user_id').onRef('authorizations.auth_key_id', '=', 'notice_devices.auth_key_id')).select(['sealed', 'lock_period']).where('notice_devices.user_id', '=', userId).execute();
      return Promise.all(rows.map(async ({ sealed, lock_period }) => ({ token: (await openPushToken(world.files.keys, sealed)).token, lock: lock_period })));
    };
    expect(await errorOf(auth.doRegisterPush(userId, device.permAuthKeyId, { ...token, tokenType: 99 }))).toBe('TOKEN_TYPE_INVALID');
    // Simple push, which UnifiedPush uses: the token is an address.
    await auth.doRegisterPush(userId, device.permAuthKeyId, { ...token, tokenType: 4, token: 'https://push.example/up' });
    expect(await list()).toEqual([{ token: 'https://push.example/up', lock: null }]);
    await auth.doUnregisterPush([userId], device.permAuthKeyId, { tokenType: 4, token: 'https://push.example/up' });
    expect(await errorOf(auth.doRegisterPush(userId, device.permAuthKeyId, { ...token, token: '' }))).toBe('TOKEN_EMPTY');
    await auth.doRegisterPush(userId, device.permAuthKeyId, token);
    await auth.doRegisterPush(userId, device.permAuthKeyId, { ...token, token: 'fcm-2' });
    await auth.doSetLocked(userId, device.permAuthKeyId, 60);
    expect(await list()).toEqual([{ token: 'fcm-2', lock: 60 }]);
    const { userId: otherId, device: other } = await world.signUp('9996660002', 'Otto');
    await auth.doUnregisterPush([otherId, userId], other.permAuthKeyId, { tokenType: 2, token: 'guess' });
    expect(await list()).toHaveLength(1);
    await auth.doUnregisterPush([otherId, userId], other.permAuthKeyId, { tokenType: 2, token: 'fcm-2' });
    expect(await list()).toHaveLength(0);
    await auth.doRegisterPush(userId, device.permAuthKeyId, token);
    await auth.doLogOut(device);
    expect(await list()).toHaveLength(0);
  });
});

describe('a banned number', () => {
  it('gets no code', async () => {
    await world.db.q.insertInto('banned_phones').values({ phone: '15559990000', banned_date: world.clock.now() }).execute();
    expect(await errorOf(world.domain.auth.doSendCode(await world.newDevice(), '+1 555 999 0000', APP))).toBe('PHONE_NUMBER_BANNED');
  });
});

describe('a login e-mail', () => {
  it('gets the codes instead of the phone, until somebody waits a week to remove it', async () => {
    const { auth } = world.domain;
    const phone = '15557770001';
    const guest = await world.newDevice();
    const first = await auth.doSendCode(guest, phone, APP);
    expect(first).toMatchObject({ via: 'sms', next: undefined });
    await auth.doSignIn(guest, phone, first.codeHash, world.codes.at(-1)!.code);
    const userId = await auth.doSignUp(guest, phone, first.codeHash, { firstName: 'Em', lastName: '' });
    const key = { userId, authKeyId: guest.permAuthKeyId };
    expect(await auth.doSendLoginEmailCode(key, 'Em@example.ORG')).toBe('E***@example.org');
    expect(await errorOf(auth.doVerifyLoginEmail(key, 'x'))).toBe('CODE_INVALID');
    expect(await auth.doVerifyLoginEmail(key, world.emails.at(-1)!.code)).toBe('Em@example.org');
    expect(await errorOf(auth.doVerifyLoginEmail(key, 'x'))).toBe('EMAIL_VERIFY_EXPIRED');

    const device = await world.newDevice();
    const sent = await auth.doSendCode(device, phone, APP);
    expect(sent).toMatchObject({ via: 'app', next: 'email' });
    const posted = world.codes.filter((one) => one.way === 'sms').length;
    expect(await auth.doResendCode(device, phone, sent.codeHash)).toMatchObject({ via: 'email', next: undefined, email: { address: 'Em@example.org', reset_date: undefined } });
    expect(world.emails.at(-1)).toMatchObject({ email: 'Em@example.org', code: world.codes.at(-1)!.code });
    expect(world.codes.filter((one) => one.way === 'sms')).toHaveLength(posted);
    const reset = await auth.doResetLoginEmail(device, phone, sent.codeHash);
    expect(reset.email?.reset_date).toBe(world.clock.now() + 7 * 86_400);
    expect(await errorOf(auth.doResetLoginEmail(device, phone, sent.codeHash))).toBe('TASK_ALREADY_EXISTS');
    // Logging in by e-mail cancels that.
    expect(await auth.doSignIn(device, phone, sent.codeHash, world.emails.at(-1)!.code)).toBe(userId);
    const later = await world.newDevice();
    const again = await auth.doSendCode(later, phone, APP);
    expect((await auth.doResetLoginEmail(later, phone, again.codeHash)).via).toBe('app');
    await world.clock.advance(8 * DAY_MS);
    const due = await auth.doSendCode(later, phone, APP);
    expect((await auth.doResetLoginEmail(later, phone, due.codeHash)).next).toBe('sms');
    expect(await errorOf(auth.doResetLoginEmail(later, phone, due.codeHash))).toBe('EMAIL_INSTALL_MISSING');
  });
});

describe('the deletion of an account', () => {
  it('leaves a deleted account, a free number and no device', async () => {
    const { auth, users, contacts } = world.domain;
    const { userId, device, key } = await world.signUp('9996640001', 'Gone');
    const { userId: friendId } = await world.signUp('9996640002', 'Fay');
    await contacts.doImportContacts(friendId, [{ clientId: 1n, phone: '9996640001', firstName: 'Old', lastName: 'Pal' }]);
    const tablet = (await world.logIn('9996640001')).device;
    const heard: UserHint[] = [];
    await users.projectUsers(friendId, [userId]);
    using _ = world.bus.subscribe(userTopic(friendId), (hint) => void heard.push(hint as UserHint));
    await auth.doDeleteAccount(proverOf(key), undefined);
    await expect.poll(() => heard).toMatchObject([{ kind: 'transient', update: { _: 'updateUser', user_id: userId } }]);
    const [seen] = await users.projectUsers(friendId, [userId]);
    expect(seen).toMatchObject({ _: 'user', deleted: true });
    expect(seen).not.toHaveProperty('first_name');
    for (const one of [device, tablet]) {
      expect(await auth.findKeyState(one.permAuthKeyId)).toMatchObject({ userId: undefined, deactivated: true });
    }
    expect(await users.findByPhone('9996640001')).toBeUndefined();
    const again = await world.signUp('9996640001', 'New');
    expect(again.userId).not.toBe(userId);
    // The key of the old account can be used for the new one.
    const { codeHash } = await auth.doSendCode(device, '9996640001', APP);
    await auth.doSignIn(await world.again(device), '9996640001', codeHash, '44444');
    expect(await auth.findKeyState(device.permAuthKeyId)).toMatchObject({ userId: again.userId, deactivated: false });
  });

  it('comes after as many days without activity as the owner chose', async () => {
    const { auth } = world.domain;
    const { userId, device } = await world.signUp('9996640003', 'Idle');
    const { userId: patient } = await world.signUp('9996640004', 'Patient');
    expect(await errorOf(auth.doSetAccountTtl({ userId, authKeyId: device.permAuthKeyId }, 1))).toBe('TTL_DAYS_INVALID');
    await auth.doSetAccountTtl({ userId, authKeyId: device.permAuthKeyId }, 30);
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
