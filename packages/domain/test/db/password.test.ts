import { createDhGroup, padBigEndian, sha256, sha256Of, xorBytes, DH_GENERATOR, DH_PRIME, SERVER_SECRET_BYTES } from '@aerogram/crypto';
import { seededRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { newPasswordAlgo, type Prover } from '../../src/index.ts';
import { APP, createWorld, errorOf, type World } from './accounts-world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const random = seededRandom('passwords');
const group = createDhGroup(SERVER_SECRET_BYTES);
const EMPTY: tl.InputCheckPasswordSRP = { _: 'inputCheckPasswordEmpty' };
const WEEK_MS = 7 * 86_400_000;
const toBigInt = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const P = toBigInt(DH_PRIME);
const G = padBigEndian(Uint8Array.of(DH_GENERATOR), 256)!;

/** A client whose x is a hash of the password without the slow part: the server cannot tell. */
const exponentOf = (password: string) => sha256(Buffer.from(password));

function settings(password: string, email?: string): tl.account.passwordInputSettings {
  const algo = newPasswordAlgo(random);
  const new_algo = { ...algo, salt1: Buffer.concat([algo.salt1, random.bytes(32)]) };
  return { _: 'account.passwordInputSettings', new_algo, new_password_hash: group.agree(exponentOf(password), G), hint: '', email };
}

/** The client's side of the exchange, as core.telegram.org/api/srp has it. */
async function prove(prover: Prover, password: string): Promise<tl.InputCheckPasswordSRP> {
  const { current } = await world.domain.auth.findPasswordState(prover.userId, prover.authKeyId);
  if (!current) return EMPTY;
  const a = group.generate(random);
  const x = exponentOf(password);
  const u = sha256Of(a.shown, current.shown);
  const kv = (toBigInt(sha256Of(DH_PRIME, G)) * toBigInt(group.agree(x, G))) % P;
  const base = (toBigInt(current.shown) - kv + P) % P;
  const power = (toBigInt(a.secret) + toBigInt(u) * toBigInt(x)).toString(16);
  const shared = group.agree(Buffer.from(power.padStart(power.length + (power.length % 2), '0'), 'hex'), Buffer.from(base.toString(16).padStart(512, '0'), 'hex'));
  const M1 = sha256Of(xorBytes(sha256(DH_PRIME), sha256(G)), sha256(current.salt1), sha256(current.salt2), a.shown, current.shown, sha256(shared));
  return { _: 'inputCheckPasswordSRP', srp_id: current.srpId, A: a.shown, M1 };
}

async function withPassword(phone: string, password: string) {
  const { userId, device } = await world.signUp(phone, 'Pat');
  const prover: Prover = { userId, authKeyId: device.permAuthKeyId, loggingIn: false };
  await world.domain.auth.doUpdatePassword(prover, EMPTY, settings(password));
  return { userId, device, prover, phone };
}

/** A device that has shown the code and waits for the password. */
async function waitingDevice(phone: string) {
  const device = await world.newDevice();
  const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
  expect(await errorOf(world.domain.auth.doSignIn(device, phone, codeHash, phone.charAt(5).repeat(5)))).toBe('SESSION_PASSWORD_NEEDED');
  return world.again(device);
}

describe('the password', () => {
  it('keeps nothing but salts, verifier and hint', async () => {
    const { userId } = await withPassword('9996620001', 'hush');
    const row = await world.db.q.selectFrom('passwords').selectAll().where('user_id', '=', userId).executeTakeFirstOrThrow();
    expect(Object.keys(row).toSorted()).toEqual(['changed_date', 'email', 'hint', 'reset_date', 'reset_declined_date', 'salt1', 'salt2', 'user_id', 'verifier']);
  });

  it('refuses verifiers, salts and algorithms that are not sound', async () => {
    const { userId, device } = await world.signUp('9996620002', 'Pat');
    const prover: Prover = { userId, authKeyId: device.permAuthKeyId, loggingIn: false };
    const good = settings('x');
    const algo = good.new_algo;
    if (algo?._ !== 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow') throw new Error('algo');
    const update = (change: Partial<tl.account.passwordInputSettings>) => errorOf(world.domain.auth.doUpdatePassword(prover, EMPTY, { ...good, ...change }));
    expect(await update({ new_password_hash: Uint8Array.of(1) })).toBe('NEW_SETTINGS_INVALID');
    expect(await update({ new_password_hash: DH_PRIME })).toBe('NEW_SETTINGS_INVALID');
    expect(await update({ new_algo: { ...algo, g: 2 } })).toBe('NEW_SETTINGS_INVALID');
    expect(await update({ new_algo: { ...algo, salt1: algo.salt1.subarray(0, 8) } })).toBe('NEW_SALT_INVALID');
    expect(await update({ email: 'a@b.example\r\nBcc: c@d.example' })).toBe('EMAIL_INVALID');
    expect(await errorOf(world.domain.auth.doUpdatePassword(prover, EMPTY, { _: 'account.passwordInputSettings' }))).toBe('NEW_SETTINGS_EMPTY');
    expect((await world.domain.auth.findPasswordState(userId, prover.authKeyId)).current).toBeUndefined();
  });

  it('logs in, also when the check is repeated or the server restarts in between', async () => {
    const { phone, userId } = await withPassword('9996620003', 'hush');
    const device = await waitingDevice(phone);
    const prover: Prover = { userId, authKeyId: device.permAuthKeyId, loggingIn: true };
    const proof = await prove(prover, 'hush');
    await world.restart();
    expect(await world.domain.auth.doCheckPassword(device, proof)).toBe(userId);
    expect(await world.domain.auth.doCheckPassword(await world.again(device), proof)).toBe(userId);
    expect((await world.again(device)).userId).toBe(userId);
    // A device that waits is of no use to a challenge of another one.
    const other = await waitingDevice(phone);
    expect(await errorOf(world.domain.auth.doCheckPassword(other, proof))).toBe('SRP_ID_INVALID');
  });

  it('forgets challenges after ten minutes, and wrong guesses after an hour', async () => {
    const { phone, userId } = await withPassword('9996620004', 'hush');
    const device = await waitingDevice(phone);
    const prover: Prover = { userId, authKeyId: device.permAuthKeyId, loggingIn: true };
    const old = await prove(prover, 'hush');
    await world.clock.advance(601_000);
    expect(await errorOf(world.domain.auth.doCheckPassword(device, old))).toBe('SRP_ID_INVALID');
    for (let guess = 0; guess < 5; guess++) {
      expect(await errorOf(world.domain.auth.doCheckPassword(device, await prove(prover, `${guess}`)))).toBe('PASSWORD_HASH_INVALID');
    }
    expect(await errorOf(world.domain.auth.doCheckPassword(device, await prove(prover, 'hush')))).toBe('FLOOD_WAIT_3600');
    await world.clock.advance(3_600_000);
    expect(await world.domain.auth.doCheckPassword(device, await prove(prover, 'hush'))).toBe(userId);
  });

  it('counts guesses that come at once one by one', async () => {
    const { phone, userId } = await withPassword('9996620005', 'hush');
    const device = await waitingDevice(phone);
    const prover: Prover = { userId, authKeyId: device.permAuthKeyId, loggingIn: true };
    const proofs = [];
    for (let guess = 0; guess < 8; guess++) proofs.push(await prove(prover, `${guess}`));
    const answers = await Promise.all(proofs.map((proof) => errorOf(world.domain.auth.doCheckPassword(device, proof))));
    expect(answers.filter((answer) => answer === 'PASSWORD_HASH_INVALID')).toHaveLength(5);
    expect(answers.filter((answer) => answer === 'FLOOD_WAIT_3600')).toHaveLength(3);
  });

  it('shows who waits for it among the devices, and lets the owner end that', async () => {
    const { userId, phone, device: owner } = await withPassword('9996620009', 'hush');
    const { auth } = world.domain;
    const thief = await waitingDevice(phone);
    const [, attempt] = await auth.listDevices(userId, owner.permAuthKeyId);
    expect(attempt).toMatchObject({ password_pending: true, ip: '127.0.0.1', date_created: world.clock.now() });
    await auth.doResetDevice(userId, owner.permAuthKeyId, attempt!.hash);
    expect(await auth.listDevices(userId, owner.permAuthKeyId)).toHaveLength(1);
    const guest = await world.again(thief);
    expect(guest.pendingUserId).toBeUndefined();
    expect(await errorOf(auth.doCheckPassword(guest, EMPTY))).toBe('AUTH_KEY_UNREGISTERED');
  });

  it('is reset a week after a device asked, unless declined', async () => {
    const { userId } = await withPassword('9996620006', 'lost');
    const { auth } = world.domain;
    const first = await auth.doResetPassword(userId);
    expect(first).toMatchObject({ kind: 'waits', until_date: world.clock.now() + WEEK_MS / 1000 });
    expect(await auth.doResetPassword(userId)).toMatchObject({ kind: 'waits' });
    await auth.doDeclineReset(userId);
    expect(await errorOf(auth.doDeclineReset(userId))).toBe('RESET_REQUEST_MISSING');
    expect(await auth.doResetPassword(userId)).toMatchObject({ kind: 'refused', retry_date: world.clock.now() + 86_400 });
    await world.clock.advance(86_400_000);
    expect(await auth.doResetPassword(userId)).toMatchObject({ kind: 'waits' });
    await world.clock.advance(WEEK_MS);
    expect(await auth.doResetPassword(userId)).toEqual({ kind: 'done' });
    expect(await errorOf(auth.doResetPassword(userId))).toBe('PASSWORD_EMPTY');
  });

  it('a recovery code dies of guesses over many requests', async () => {
    const { userId, prover } = await withPassword('9996620007', 'lost');
    const { auth } = world.domain;
    expect(await errorOf(auth.doRequestRecovery(userId))).toBe('PASSWORD_RECOVERY_NA');
    const wanted: tl.account.passwordInputSettings = { _: 'account.passwordInputSettings', email: 'Pat@Example.ORG' };
    expect(await errorOf(auth.doUpdatePassword(prover, await prove(prover, 'lost'), wanted))).toBe('EMAIL_UNCONFIRMED_6');
    await auth.doConfirmPasswordEmail(userId, world.emails.at(-1)!.code);
    const answers = new Set<string>();
    for (let round = 0; round < 4; round++) {
      await world.clock.advance(60_000);
      if (round < 3) expect(await auth.doRequestRecovery(userId)).toBe('P***t@example.org');
      for (let guess = 0; guess < 5; guess++) answers.add(await errorOf(auth.doCheckRecoveryCode(userId, 'nope')));
    }
    expect([...answers].map((answer) => answer.replace(/\d+/, ''))).toEqual(['CODE_INVALID', 'FLOOD_WAIT_']);
    expect(await errorOf(auth.doCheckRecoveryCode(userId, world.emails.at(-1)!.code))).toMatch('FLOOD_WAIT_');
    expect(await errorOf(auth.doRequestRecovery(userId))).toMatch('FLOOD_WAIT_');
  });

  it('keeps an account from being deleted by who has only the number, for a week in which the owner may stop it', async () => {
    const { userId, phone, device: owner } = await withPassword('9996620008', 'hush');
    const { auth } = world.domain;
    const thief = await waitingDevice(phone);
    const prover: Prover = { userId, authKeyId: thief.permAuthKeyId, loggingIn: true };
    expect(await errorOf(auth.doDeleteAccount(prover, undefined))).toBe(`2FA_CONFIRM_WAIT_${WEEK_MS / 1000}`);
    await world.clock.advance(60_000);
    expect(await errorOf(auth.doDeleteAccount(prover, undefined))).toBe(`2FA_CONFIRM_WAIT_${WEEK_MS / 1000 - 60}`);
    const { deletion_hash } = await world.db.q.selectFrom('account_security').select('deletion_hash').where('user_id', '=', userId).executeTakeFirstOrThrow();
    const { codeHash } = await auth.doSendConfirmPhoneCode(owner, deletion_hash!);
    await auth.doConfirmPhone(owner, codeHash, '22222');
    await world.clock.advance(WEEK_MS);
    const again = { ...prover, authKeyId: (await waitingDevice(phone)).permAuthKeyId };
    expect(await errorOf(auth.doDeleteAccount(again, undefined))).toBe(`2FA_CONFIRM_WAIT_${WEEK_MS / 1000}`);
    await world.clock.advance(WEEK_MS);
    await auth.doDeleteAccount({ ...again, authKeyId: (await waitingDevice(phone)).permAuthKeyId }, undefined);
    expect((await world.domain.users.findRow(userId))?.deleted).toBe(true);
  });
});
