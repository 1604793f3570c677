import { DH_PRIME } from '@aerogram/crypto';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createWorld, errorOf, type World } from './accounts-world.ts';
import { NO_PROOF, passwordSettings, prove, proverOf, waitingDevice, withPassword } from './password-client.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const WEEK_MS = 7 * 86_400_000;

describe('the password', () => {
  it('stores only salts, verifier and hint', async () => {
    const { userId } = await withPassword(world, '9996620001', 'hush');
    const row = await world.db.q.selectFrom('passwords').selectAll().where('user_id', '=', userId).executeTakeFirstOrThrow();
    expect(Object.keys(row).toSorted()).toEqual(['changed_date', 'email', 'hint', 'reset_auth_key_id', 'reset_date', 'reset_declined_date', 'salt1', 'salt2', 'user_id', 'verifier']);
  });

  it('rejects invalid verifiers, salts and algorithms', async () => {
    const { userId, key } = await world.signUp('9996620002', 'Pat');
    const prover = proverOf(key);
    const good = passwordSettings('x');
    const algo = good.new_algo;
    if (algo?._ !== 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow') throw new Error('algo');
    const update = (change: Partial<tl.account.passwordInputSettings>) => errorOf(world.domain.auth.passwords.doUpdatePassword(prover, NO_PROOF, { ...good, ...change }));
    expect(await update({ new_password_hash: Uint8Array.of(1) })).toBe('NEW_SETTINGS_INVALID');
    expect(await update({ new_password_hash: DH_PRIME })).toBe('NEW_SETTINGS_INVALID');
    expect(await update({ new_algo: { ...algo, g: 2 } })).toBe('NEW_SETTINGS_INVALID');
    expect(await update({ new_algo: { ...algo, salt1: algo.salt1.subarray(0, 8) } })).toBe('NEW_SALT_INVALID');
    expect(await update({ email: 'a@b.example\r\nBcc: c@d.example' })).toBe('EMAIL_INVALID');
    expect(await errorOf(world.domain.auth.passwords.doUpdatePassword(prover, NO_PROOF, { _: 'account.passwordInputSettings' }))).toBe('NEW_SETTINGS_EMPTY');
    expect((await world.domain.auth.passwords.findPasswordState(userId, prover.authKeyId)).current).toBeUndefined();
  });

  it('logs in, even if the check is repeated or the server restarts in between', async () => {
    const { phone, userId } = await withPassword(world, '9996620003', 'hush');
    const device = await waitingDevice(world, phone);
    const prover = proverOf({ userId, authKeyId: device.permAuthKeyId }, { loggingIn: true });
    const proof = await prove(world, prover, 'hush');
    await world.restart();
    expect(await world.domain.auth.doCheckPassword(device, proof, prover.requestHash)).toBe(userId);
    expect(await world.domain.auth.doCheckPassword(await world.again(device), proof, prover.requestHash)).toBe(userId);
    expect((await world.again(device)).userId).toBe(userId);
    // A device that waits for the password cannot use another device's challenge.
    const other = await waitingDevice(world, phone);
    expect(await errorOf(world.domain.auth.doCheckPassword(other, proof, prover.requestHash))).toBe('SRP_ID_INVALID');
  });

  it('drops challenges after ten minutes, and wrong guesses after an hour', async () => {
    const { phone, userId } = await withPassword(world, '9996620004', 'hush');
    const device = await waitingDevice(world, phone);
    const prover = proverOf({ userId, authKeyId: device.permAuthKeyId }, { loggingIn: true });
    const old = await prove(world, prover, 'hush');
    await world.clock.advance(601_000);
    expect(await errorOf(world.domain.auth.doCheckPassword(device, old, prover.requestHash))).toBe('SRP_ID_INVALID');
    for (let guess = 0; guess < 5; guess++) {
      expect(await errorOf(world.domain.auth.doCheckPassword(device, await prove(world, prover, `${guess}`), prover.requestHash))).toBe('PASSWORD_HASH_INVALID');
    }
    expect(await errorOf(world.domain.auth.doCheckPassword(device, await prove(world, prover, 'hush'), prover.requestHash))).toBe('FLOOD_WAIT_3600');
    await world.clock.advance(3_600_000);
    expect(await world.domain.auth.doCheckPassword(device, await prove(world, prover, 'hush'), prover.requestHash)).toBe(userId);
  });

  it('counts concurrent guesses one by one', async () => {
    const { phone, userId } = await withPassword(world, '9996620005', 'hush');
    const device = await waitingDevice(world, phone);
    const prover = proverOf({ userId, authKeyId: device.permAuthKeyId }, { loggingIn: true });
    const proofs = [];
    for (let guess = 0; guess < 8; guess++) proofs.push(await prove(world, prover, `${guess}`));
    const answers = await Promise.all(proofs.map((proof) => errorOf(world.domain.auth.doCheckPassword(device, proof, prover.requestHash))));
    expect(answers.filter((answer) => answer === 'PASSWORD_HASH_INVALID')).toHaveLength(5);
    expect(answers.filter((answer) => answer === 'FLOOD_WAIT_3600')).toHaveLength(3);
  });

  it('shows a log-in that waits for it in the list of devices, and lets the owner end that log-in', async () => {
    const { userId, phone, device: owner } = await withPassword(world, '9996620009', 'hush');
    const { auth } = world.domain;
    const thief = await waitingDevice(world, phone);
    const [, attempt] = await auth.devices.listDevices(userId, owner.permAuthKeyId);
    expect(attempt).toMatchObject({ password_pending: true, ip: '127.0.0.1', date_created: world.clock.now() });
    await auth.devices.doResetDevice(userId, owner.permAuthKeyId, attempt!.hash);
    expect(await auth.devices.listDevices(userId, owner.permAuthKeyId)).toHaveLength(1);
    const guest = await world.again(thief);
    expect(guest.pendingUserId).toBeUndefined();
    expect(await errorOf(auth.doCheckPassword(guest, NO_PROOF, new Uint8Array()))).toBe('AUTH_KEY_UNREGISTERED');
  });

  it('is reset a week after a device requested it, unless cancelled', async () => {
    const { userId, prover } = await withPassword(world, '9996620006', 'lost');
    const { auth } = world.domain;
    const first = await auth.doResetPassword(prover);
    expect(first).toMatchObject({ kind: 'waits', until_date: world.clock.now() + WEEK_MS / 1000 });
    expect(await auth.doResetPassword(prover)).toMatchObject({ kind: 'waits' });
    await auth.doDeclineReset(userId);
    expect(await errorOf(auth.doDeclineReset(userId))).toBe('RESET_REQUEST_MISSING');
    expect(await auth.doResetPassword(prover)).toMatchObject({ kind: 'refused', retry_date: world.clock.now() + 86_400 });
    await world.clock.advance(86_400_000);
    expect(await auth.doResetPassword(prover)).toMatchObject({ kind: 'waits' });
    await world.clock.advance(WEEK_MS);
    expect(await auth.doResetPassword(prover)).toEqual({ kind: 'done' });
    expect(await errorOf(auth.doResetPassword(prover))).toBe('PASSWORD_EMPTY');
  });

  it('limits guesses at a recovery code over many requests', async () => {
    const { userId, prover } = await withPassword(world, '9996620007', 'lost');
    const { auth } = world.domain;
    expect(await errorOf(auth.doRequestRecovery(prover))).toBe('PASSWORD_RECOVERY_NA');
    const wanted: tl.account.passwordInputSettings = { _: 'account.passwordInputSettings', email: 'Pat@Example.ORG' };
    expect(await errorOf(auth.passwords.doUpdatePassword(prover, await prove(world, prover, 'lost'), wanted))).toBe('EMAIL_UNCONFIRMED_6');
    await auth.passwords.doConfirmPasswordEmail(userId, world.emails.at(-1)!.code);
    const answers = new Set<string>();
    for (let round = 0; round < 4; round++) {
      await world.clock.advance(60_000);
      if (round < 3) expect(await auth.doRequestRecovery(prover)).toBe('P***t@example.org');
      for (let guess = 0; guess < 5; guess++) answers.add(await errorOf(auth.doCheckRecoveryCode(prover, 'nope')));
    }
    expect([...answers].map((answer) => answer.replace(/\d+/, ''))).toEqual(['CODE_INVALID', 'FLOOD_WAIT_']);
    expect(await errorOf(auth.doCheckRecoveryCode(prover, world.emails.at(-1)!.code))).toMatch('FLOOD_WAIT_');
    expect(await errorOf(auth.doRequestRecovery(prover))).toMatch('FLOOD_WAIT_');
  });

  it('delays a deletion by somebody who has only the number for a week, in which the owner can cancel it', async () => {
    const { userId, phone, device: owner } = await withPassword(world, '9996620008', 'hush');
    const { auth } = world.domain;
    const thief = await waitingDevice(world, phone);
    const prover = proverOf({ userId, authKeyId: thief.permAuthKeyId }, { loggingIn: true });
    expect(await errorOf(auth.doDeleteAccount(prover, undefined))).toBe(`2FA_CONFIRM_WAIT_${WEEK_MS / 1000}`);
    await world.clock.advance(60_000);
    expect(await errorOf(auth.doDeleteAccount(prover, undefined))).toBe(`2FA_CONFIRM_WAIT_${WEEK_MS / 1000 - 60}`);
    const { deletion_hash } = await world.db.q.selectFrom('account_security').select('deletion_hash').where('user_id', '=', userId).executeTakeFirstOrThrow();
    const { codeHash } = await auth.doSendConfirmPhoneCode(owner, deletion_hash!);
    await auth.doConfirmPhone(owner, codeHash, '22222');
    await world.clock.advance(WEEK_MS);
    const again = { ...prover, authKeyId: (await waitingDevice(world, phone)).permAuthKeyId };
    expect(await errorOf(auth.doDeleteAccount(again, undefined))).toBe(`2FA_CONFIRM_WAIT_${WEEK_MS / 1000}`);
    await world.clock.advance(WEEK_MS);
    await auth.doDeleteAccount({ ...again, authKeyId: (await waitingDevice(world, phone)).permAuthKeyId }, undefined);
    expect((await world.domain.users.findRow(userId))?.deleted).toBe(true);
  });
});
