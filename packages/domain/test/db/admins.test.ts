import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { doBanPhone, doGrantAdmin, doOrderCommand, doRevokeAdmin } from '../../src/index.ts';
import { APP, createWorld, errorOf, type World } from './accounts-world.ts';
import { answerChallenge, NO_PROOF, passwordSettings, prove, withPassword } from './password-client.ts';

const MINUTE_MS = 60_000;
const ADDRESS = '198.51.100.7';

describe('the door of the admin page', () => {
  let world: World;
  let numbers = 10;
  let admin: Awaited<ReturnType<typeof withPassword>>;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());
  beforeEach(async () => {
    admin = await withPassword(world, `99966200${numbers++}`, 'right');
    await doGrantAdmin(world.db, admin.userId, world.clock.now());
  });

  const door = () => world.domain.auth.adminDoor;
  const codeOf = (phone: string): string => phone[5]!.repeat(5);

  async function logIn(): Promise<string> {
    const attempt = await door().doBegin(admin.phone, ADDRESS);
    const challenge = await door().doEnterCode(attempt, codeOf(admin.phone), ADDRESS);
    return (await door().doProve(attempt, answerChallenge(challenge, 'right'), ADDRESS)).token;
  }

  /** Makes the admin a person of a company, or changes what the company says. */
  async function ofCompany(state: 'in' | 'unsure' | 'ended'): Promise<void> {
    const dates = { created_date: 1, entered_date: 1, checked_date: 1 };
    const row = { issuer: 'https://id.example.org', subject: admin.phone, user_id: admin.userId, state, ...dates };
    await world.db.q.insertInto('company_accounts').values(row).onConflict((oc) => oc.column('user_id').doUpdateSet({ state })).execute();
  }

  it('lets an admin in by number, code and password', async () => {
    const token = await logIn();
    expect(await door().findActing(token, true)).toEqual({ userId: admin.userId, name: 'Pat' });
    expect(await door().findActing(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, true)).toBeUndefined();
    await door().doLeave(token);
    expect(await door().findActing(token, true)).toBeUndefined();
  });

  it('ends a session that is not used for half an hour; what the page asks by itself is no use', async () => {
    const token = await logIn();
    for (let n = 0; n < 3; n++) {
      await world.clock.advance(20 * MINUTE_MS);
      expect(await door().findActing(token, true)).toBeDefined();
    }
    await world.clock.advance(20 * MINUTE_MS);
    expect(await door().findActing(token, false)).toBeDefined();
    await world.clock.advance(11 * MINUTE_MS);
    expect(await door().findActing(token, true)).toBeUndefined();
  });

  it('ends a session after twelve hours, however it is used', async () => {
    const token = await logIn();
    for (let n = 0; n < 35; n++) {
      await world.clock.advance(20 * MINUTE_MS);
      expect(await door().findActing(token, true)).toBeDefined();
    }
    await world.clock.advance(20 * MINUTE_MS);
    expect(await door().findActing(token, true)).toBeUndefined();
  });

  it.each([
    ['the right is revoked and granted anew', async () => {
      await doRevokeAdmin(world.db, admin.userId, world.clock.now());
      await doGrantAdmin(world.db, admin.userId, world.clock.now());
    }],
    ['the number is banned and unbanned', async () => {
      const ban = { phone: admin.phone, userId: admin.userId, nowDate: world.clock.now() };
      await doBanPhone(world.db, { ...ban, isBanned: true });
      await doBanPhone(world.db, { ...ban, isBanned: false });
    }],
    ['the password is changed', async () => {
      await world.domain.auth.passwords.doUpdatePassword(admin.prover, await prove(world, admin.prover, 'right'), passwordSettings('right'));
    }],
    ['the account is deleted', async () => {
      await world.domain.auth.doEndAccount(admin.userId, 'no longer needed');
    }],
    ['the operator logs the account out', async () => {
      await doOrderCommand(world.db, { kind: 'log-out', peerId: admin.userId, device: undefined }, 'log out', world.clock.now());
      await world.runJobs();
    }],
    ['the owner logs the other devices out', () => world.domain.auth.devices.doResetOtherDevices(admin.userId, admin.prover.authKeyId)],
    ['the company lets the person in no longer', () => ofCompany('ended')],
  ] as const)('ends a session when %s', async (_, end) => {
    const token = await logIn();
    await end();
    expect(await door().findActing(token, true)).toBeUndefined();
  });

  it('keeps a session of whom the company lets in, or of whom it is not sure', async () => {
    const token = await logIn();
    for (const state of ['in', 'unsure'] as const) {
      await ofCompany(state);
      expect(await door().findActing(token, true)).toBeDefined();
    }
  });

  it('lets nobody finish a log-in when the account was logged out meanwhile', async () => {
    const attempt = await door().doBegin(admin.phone, ADDRESS);
    const challenge = await door().doEnterCode(attempt, codeOf(admin.phone), ADDRESS);
    await world.domain.auth.devices.doEndDevices(admin.userId, 'by the operator');
    expect(await errorOf(door().doProve(attempt, answerChallenge(challenge, 'right'), ADDRESS))).toBe('PHONE_CODE_EXPIRED');
  });

  it('keeps a session when one other device is logged out', async () => {
    const token = await logIn();
    await world.domain.auth.devices.doEndDevices(admin.userId, 'by the operator', 0n);
    expect(await door().findActing(token, true)).toBeDefined();
  });

  it('lets nobody finish a log-in whom the company lets in no longer', async () => {
    const attempt = await door().doBegin(admin.phone, ADDRESS);
    const challenge = await door().doEnterCode(attempt, codeOf(admin.phone), ADDRESS);
    await ofCompany('ended');
    expect(await errorOf(door().doProve(attempt, answerChallenge(challenge, 'right'), ADDRESS))).toBe('PHONE_CODE_EXPIRED');
  });

  it('lets nobody finish a log-in whose right was revoked meanwhile', async () => {
    const attempt = await door().doBegin(admin.phone, ADDRESS);
    const challenge = await door().doEnterCode(attempt, codeOf(admin.phone), ADDRESS);
    await doRevokeAdmin(world.db, admin.userId, world.clock.now());
    await doGrantAdmin(world.db, admin.userId, world.clock.now());
    expect(await errorOf(door().doProve(attempt, answerChallenge(challenge, 'right'), ADDRESS))).toBe('PHONE_CODE_EXPIRED');
  });

  it('needs the code before the password, and a proof', async () => {
    const attempt = await door().doBegin(admin.phone, ADDRESS);
    const challenge = { ...(await world.domain.auth.passwords.findPasswordState(admin.userId, admin.prover.authKeyId)).current! };
    expect(await errorOf(door().doProve(attempt, answerChallenge(challenge, 'right'), ADDRESS))).toBe('PHONE_CODE_EXPIRED');
    await door().doEnterCode(attempt, codeOf(admin.phone), ADDRESS);
    // The exchange of another key proves nothing here.
    expect(await errorOf(door().doProve(attempt, answerChallenge(challenge, 'right'), ADDRESS))).toBe('SRP_ID_INVALID');
    expect(await errorOf(door().doProve(attempt, NO_PROOF as never, ADDRESS))).toBe('PASSWORD_HASH_INVALID');
  });

  it('sends the code as to an app, and to nobody but admins', async () => {
    const numbersOf = { admin: '4915112345601', other: '4915112345602' };
    const signUp = async (phone: string): Promise<bigint> => {
      const device = await world.newDevice();
      const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
      await world.domain.auth.doSignIn(device, phone, codeHash, world.codes.at(-1)!.code);
      return world.domain.auth.doSignUp(device, phone, codeHash, { firstName: 'Real', lastName: '' });
    };
    await doGrantAdmin(world.db, await signUp(numbersOf.admin), world.clock.now());
    await signUp(numbersOf.other);
    const codesOf = (phone: string) => world.db.q.selectFrom('login_codes').select('way').where('phone', '=', phone).execute();
    await door().doBegin(numbersOf.other, ADDRESS);
    await door().doBegin(numbersOf.admin, ADDRESS);
    // Its account has a device, which gets the code in the service chat.
    await expect.poll(async () => (await codesOf(numbersOf.admin)).map(({ way }) => way).toSorted()).toEqual(['app', 'sms']);
    expect(await codesOf(numbersOf.other)).toEqual([{ way: 'sms' }]);
  });

  it('counts the log-ins of a number alike, whoever has it', async () => {
    for (const phone of [admin.phone, `9996620${numbers++}9`]) {
      for (let n = 0; n < 5; n++) await door().doBegin(phone, ADDRESS);
      expect(await errorOf(door().doBegin(phone, ADDRESS))).toBe('FLOOD_WAIT_600');
      for (let n = 0; n < 35; n++) await door().doBegin(phone, `192.0.2.${n}`);
      expect(await errorOf(door().doBegin(phone, '192.0.2.99'))).toBe('FLOOD_WAIT_3600');
    }
  });

  it('lets an admin in although a stranger has used up log-ins and codes of the number', async () => {
    const phone = '4915112345603';
    const device = await world.newDevice();
    const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
    await world.domain.auth.doSignIn(device, phone, codeHash, world.codes.at(-1)!.code);
    await doGrantAdmin(world.db, await world.domain.auth.doSignUp(device, phone, codeHash, { firstName: 'Real', lastName: '' }), world.clock.now());
    for (let n = 0; n < 5; n++) await door().doBegin(phone, ADDRESS);
    expect(await errorOf(door().doBegin(phone, ADDRESS))).toBe('FLOOD_WAIT_600');
    const count = async () => (await world.db.q.selectFrom('login_codes').select('phone').where('phone', '=', phone).execute()).length;
    await expect.poll(count).toBe(6);
    for (let n = 0; n < 2; n++) await world.domain.auth.doSendCode(await world.newDevice(), phone, APP);
    expect(await errorOf(world.domain.auth.doSendCode(await world.newDevice(), phone, APP))).toMatch(/^FLOOD_WAIT_/);
    await door().doBegin(phone, '203.0.113.5');
    await expect.poll(count).toBe(9);
  });
});
