import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { asAdmin, doBanPhone, doGrantAdmin, doRevokeAdmin } from '../../src/index.ts';
import { nameOrderer } from '../../src/operators/admin-event.ts';
import { APP, createWorld, errorOf, type World } from './accounts-world.ts';
import { answerChallenge, noPassword, NO_PROOF, passwordSettings, prove, proverOf, waitingDevice, withPassword } from './password-client.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({}, { keepsLog: true });
});
afterAll(() => world[Symbol.asyncDispose]());

const DAY_MS = 86_400_000;

/** The lines logged since the last call, without the fields that every line has. */
function takeLog(): Record<string, unknown>[] {
  return world.logged.splice(0).map(({ level: _level, time: _time, name: _name, pid: _pid, ...line }) => line);
}

describe('the log tells an operator', () => {
  it('about sign-ups, log-ins and their ways, wrong codes and passwords, and log-outs', async () => {
    const { auth } = world.domain;
    const phone = '9996620001';
    const { key, device } = await world.signUp(phone, 'Pat');
    const userId = Number(key.userId);
    const hash = expect.stringMatching(/^-?\d+$/) as string;
    expect(takeLog()).toEqual([{ event: 'sign_up', userId, authorization: hash, how: 'sign_up', address: device.address, msg: 'an account was made' }]);
    const guest = await world.newDevice();
    const { codeHash } = await auth.doSendCode(guest, phone, APP);
    expect(await errorOf(auth.doSignIn(guest, phone, codeHash, '00000'))).toBe('PHONE_CODE_INVALID');
    await auth.doSignIn(guest, phone, codeHash, '22222');
    expect(takeLog()).toEqual([
      { event: 'log_in_failed', reason: 'code', userId, guess: 'wrong', address: guest.address, msg: 'a wrong code was given' },
      { event: 'log_in', userId, authorization: hash, how: 'code', address: guest.address, msg: 'a device logged in' },
    ]);
    const shown = await world.newDevice();
    const { token } = await auth.doExportLoginToken(shown, APP, []);
    await auth.doAcceptLoginToken(key, token);
    expect(takeLog()).toMatchObject([{ userId, how: 'qr', msg: 'a device logged in' }]);
    await auth.passwords.doUpdatePassword(proverOf(key), NO_PROOF, passwordSettings('one'));
    expect(takeLog()).toEqual([{ userId, passwordIs: 'set', emailIs: 'kept', msg: 'the settings of a password were changed' }]);
    const waiting = await waitingDevice(world, phone);
    const waitingKey = { userId: key.userId, authKeyId: waiting.permAuthKeyId };
    expect(await errorOf(auth.doCheckPassword(waiting, await prove(world, waitingKey, 'two'), new Uint8Array()))).toBe('PASSWORD_HASH_INVALID');
    await auth.doCheckPassword(waiting, await prove(world, waitingKey, 'one'), new Uint8Array());
    expect(takeLog()).toMatchObject([
      { userId, authorization: hash, how: 'code', msg: 'a device waits for the password' },
      { event: 'log_in_failed', reason: 'password', userId, address: waiting.address, msg: 'a wrong password was given' },
      { userId, how: 'password', msg: 'a device logged in' },
    ]);
    await auth.doLogOut(await world.again(waiting));
    await auth.devices.doResetOtherDevices(key.userId, key.authKeyId);
    expect(takeLog().map((line) => line['msg'])).toEqual(['a device logged out', 'a device was logged out from another one', 'a device was logged out from another one']);
    await auth.passwords.doUpdatePassword(proverOf(key), await prove(world, key, 'one'), noPassword());
    expect(takeLog()).toMatchObject([{ userId, passwordIs: 'removed' }]);
    const sent = await auth.doSendChangePhoneCode(device, '9996620002');
    await auth.doChangePhone(device, '9996620002', { codeHash: sent.codeHash, code: '22222' }, undefined);
    expect(takeLog()).toEqual([{ userId, msg: 'a number was changed' }]);
    await auth.doDeleteAccount(proverOf(key), undefined);
    expect(takeLog()).toEqual([{ userId, loggingIn: false, msg: 'an account was deleted by its owner' }]);
  });

  it('about changes of e-mail addresses, and recovery', async () => {
    const { auth } = world.domain;
    const { key } = await world.signUp('9996620003', 'Pat');
    takeLog();
    await auth.doSendLoginEmailCode(key, 'pat@example.org');
    await errorOf(auth.doVerifyLoginEmail(key, 'wrong'));
    await auth.doVerifyLoginEmail(key, world.emails.at(-1)!.code);
    await errorOf(auth.passwords.doUpdatePassword(proverOf(key), NO_PROOF, passwordSettings('one', 'safe@example.org')));
    await auth.passwords.doConfirmPasswordEmail(key.userId, world.emails.at(-1)!.code);
    await auth.doRequestRecovery(key);
    const device = await world.again({ permAuthKeyId: key.authKeyId, userId: undefined, pendingUserId: undefined, address: '', init: undefined });
    await auth.doRecoverPassword(device, world.emails.at(-1)!.code, undefined);
    const lines = takeLog();
    expect(lines.map((line) => line['msg'])).toEqual([
      'a wrong code was given',
      'a login e-mail was changed',
      'the settings of a password were changed',
      'the recovery e-mail of a password was confirmed',
      'a password was recovered by e-mail',
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/example\.org|99966/);
  });

  it('about bans, inactive devices and inactive accounts', async () => {
    const { auth } = world.domain;
    const phone = '15550300001';
    const { key } = await world.signUp('9996620004', 'Idle');
    await auth.devices.doSetDeviceTtl(key.userId, key.authKeyId, 7);
    await auth.doSetAccountTtl(key, 30);
    takeLog();
    await doBanPhone(world.db, { phone, userId: undefined, isBanned: true, nowDate: world.clock.now() });
    await world.runJobs();
    expect(await errorOf(auth.doSendCode(await world.newDevice(), phone, APP))).toBe('PHONE_NUMBER_BANNED');
    await doBanPhone(world.db, { phone, userId: key.userId, isBanned: false, nowDate: world.clock.now() });
    await world.runJobs();
    const admin = { event: 'admin', by: nameOrderer(), entry: expect.any(Number) as number, msg: 'an operator gave an order' };
    expect(takeLog()).toEqual([
      { ...admin, action: 'ban' },
      { event: 'banned', msg: 'the operator banned a number' },
      { purpose: 'login', msg: 'a code was refused to a banned number' },
      { ...admin, action: 'unban', target: `account ${key.userId}` },
      { event: 'unbanned', userId: Number(key.userId), msg: 'the operator lifted the ban of a number' },
    ]);
    await world.clock.advance(40 * DAY_MS);
    await auth.doCleanUp();
    expect(takeLog().filter((line) => line['userId'] === Number(key.userId)).map((line) => line['msg'])).toEqual(['an idle device was logged out', 'an account was deleted']);
  });

  it('who may use the admin page, who enters it, and what is done there', async () => {
    const { adminDoor } = world.domain.auth;
    const { userId, phone } = await withPassword(world, '9996620005', 'right');
    await world.runJobs();
    takeLog();
    await doGrantAdmin(world.db, userId, world.clock.now());
    const attempt = await adminDoor.doBegin(phone, '');
    await adminDoor.doProve(attempt, answerChallenge(await adminDoor.doEnterCode(attempt, '22222', ''), 'right'), '');
    await asAdmin(userId, () => doBanPhone(world.db, { phone: '15550300002', userId: undefined, isBanned: true, nowDate: world.clock.now() }));
    await doRevokeAdmin(world.db, userId, world.clock.now());
    await world.runJobs();
    const order = { event: 'admin', entry: expect.any(Number) as number, msg: 'an operator gave an order' };
    expect(takeLog().filter(({ event }) => event === 'admin')).toEqual([
      { ...order, by: nameOrderer(), action: 'grant', target: `account ${userId}` },
      { ...order, userId: Number(userId), action: 'enter', target: `account ${userId}` },
      { ...order, userId: Number(userId), action: 'ban' },
      { ...order, by: nameOrderer(), action: 'revoke', target: `account ${userId}` },
    ]);
  });
});
