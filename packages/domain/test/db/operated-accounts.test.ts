import { sql } from '@aerogram/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { doBanPhone, doGrantAdmin, doOrderCommand, findOperatorEntry, listOperatorLog } from '../../src/index.ts';
import { APP, createWorld, errorOf, type World } from './accounts-world.ts';
import { NO_PROOF, passwordSettings, prove, proverOf, waitingDevice } from './password-client.ts';

const PHONE = '15550007777';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

/** Orders a command and lets the server carry it out, twice, as after a crash. @returns what came of it */
async function operate(command: Parameters<typeof doOrderCommand>[1]): Promise<string | null> {
  const entryId = await doOrderCommand(world.db, command, `${command.kind} ${command.peerId}`, world.clock.now());
  await world.runJobs('repeat');
  return (await findOperatorEntry(world.db, entryId))!.outcome;
}

/** Asks for a code for a real number. */
async function askCode(phone: string) {
  const device = await world.newDevice();
  const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
  return { device, codeHash, code: world.codes.findLast((sent) => sent.phone === phone)!.code };
}

/** Makes an account with a real number, which gets notices. */
async function signUp(phone = PHONE): Promise<{ userId: bigint; authKeyId: bigint }> {
  const { device, codeHash, code } = await askCode(phone);
  await world.domain.auth.doSignIn(device, phone, codeHash, code);
  return { userId: await world.domain.auth.doSignUp(device, phone, codeHash, { firstName: 'Ann', lastName: '' }), authKeyId: device.permAuthKeyId };
}

const notices = async (userId: bigint): Promise<string[]> =>
  (await world.db.q.selectFrom('messages').select('text').where('owner_id', '=', userId).where('peer_id', '=', 777_000n).orderBy('msg_id').execute()).map(({ text }) => text);

const isIn = async ({ authKeyId }: { authKeyId: bigint }): Promise<boolean> => (await world.domain.auth.findKeyState(authKeyId))?.userId !== undefined;

/** Every column of every table in which a text occurs, as text or as bytes. */
async function findEverywhere(text: string): Promise<string[]> {
  const { rows } = await sql<{ table_name: string; column_name: string; data_type: string }>`
    SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1, 2`.execute(world.db.q);
  const found: string[] = [];
  for (const { table_name: table, column_name: column, data_type: type } of rows) {
    const value = type === 'bytea' ? sql`encode(${sql.ref(column)}, 'escape')` : sql`${sql.ref(column)}::text`;
    const { rows: hits } = await sql`SELECT 1 FROM ${sql.table(table)} WHERE strpos(${value}, ${text}) > 0 LIMIT 1`.execute(world.db.q);
    if (hits.length > 0) found.push(`${table}.${column}`);
  }
  return found;
}

describe('the operator logs out', () => {
  it('all devices of an account, and those that wait for its password', async () => {
    const { key } = await world.signUp('9996620001', 'Pat');
    const other = await world.logIn('9996620001');
    await world.domain.auth.passwords.doUpdatePassword(proverOf(key), NO_PROOF, passwordSettings('one'));
    const waiting = await waitingDevice(world, '9996620001');
    expect(await operate({ kind: 'log-out', peerId: key.userId, device: undefined })).toBe('logged out on 2 devices');
    for (const { authKeyId } of [key, other.key]) expect(await world.domain.auth.findKeyState(authKeyId)).toMatchObject({ userId: undefined, revoked: true });
    expect((await world.again(waiting)).pendingUserId).toBeUndefined();
    expect(await operate({ kind: 'log-out', peerId: key.userId, device: undefined })).toBe('no device was logged in');
    // Logging in again is not forbidden.
    expect((await waitingDevice(world, '9996620001')).pendingUserId).toBe(key.userId);
  });

  it('one device by its number, and no other', async () => {
    const { key } = await world.signUp('9996620001', 'Pat');
    const other = await world.logIn('9996620001');
    const stranger = await world.signUp('9996620002', 'Eve');
    const numberOf = async (authKeyId: bigint) => (await world.db.q.selectFrom('authorizations').select('login_seq').where('auth_key_id', '=', authKeyId).executeTakeFirstOrThrow()).login_seq;
    expect(await operate({ kind: 'log-out', peerId: key.userId, device: await numberOf(stranger.key.authKeyId) })).toMatch(/^refused: it has no device with this number/);
    expect(await operate({ kind: 'log-out', peerId: key.userId, device: await numberOf(other.key.authKeyId) })).toBe('logged out on 1 device');
    expect(await Promise.all([key, other.key, stranger.key].map(isIn))).toEqual([true, false, true]);
  });
});

describe('the operator deletes an account', () => {
  it('and nothing anywhere has its number any more', async () => {
    const { auth, contacts, users } = world.domain;
    const ann = await signUp();
    const { userId: friend } = await world.signUp('9996620002', 'Friend');
    const row = (await users.findRow(ann.userId))!;
    await contacts.doAddContact(friend, row, { first_name: 'Ann', last_name: '', phone: PHONE });
    await askCode(PHONE);
    const code = { owner: `+${PHONE}`, purpose: 'login_setup', auth_key_id: 1n, bound_to: '', email: 'a@example.org', code: '1', since_date: 1, sent_date: 1, expires_date: 2_000_000_000 };
    await world.db.q.insertInto('email_codes').values(code).execute();
    await world.db.q.insertInto('invitations').values({ phone: PHONE, email: null, created_date: 1 }).execute();
    await auth.passwords.doUpdatePassword(proverOf(ann), NO_PROOF, passwordSettings('one'));
    // The service chat tells of the request in a message that contains the number, so the number is in a text of a message as well.
    await errorOf(auth.doDeleteAccount(proverOf(ann, { request: 'forgot it' }), undefined));
    await operate({ kind: 'move-phone', peerId: ann.userId, phone: '15550008888' });
    await operate({ kind: 'move-phone', peerId: ann.userId, phone: PHONE });
    expect(await findEverywhere(PHONE)).toEqual(
      expect.arrayContaining(['contacts.phone', 'email_codes.owner', 'login_codes.phone', 'messages.text', 'phones.phone', 'users.phone']),
    );
    expect(await operate({ kind: 'delete-account', peerId: ann.userId })).toMatch(/^deleted/);
    expect(await findEverywhere(PHONE)).toEqual([]);
    expect(await auth.findKeyState(ann.authKeyId)).toMatchObject({ userId: undefined, deactivated: true });
    expect(await users.findRow(ann.userId)).toMatchObject({ deleted: true, phone: null });
    expect(await operate({ kind: 'delete-account', peerId: ann.userId })).toBe('refused: it was deleted');
    // The number is free.
    expect(await signUp()).not.toMatchObject({ userId: ann.userId });
  });

  it('nor any number that it had before, with an admin log-in that was begun', async () => {
    const { auth } = world.domain;
    const former = '15550006666';
    const { userId } = await signUp(former);
    await doGrantAdmin(world.db, userId, world.clock.now());
    // Only the log-in tells that it was the account's number, once the code of the sign-up is gone.
    await auth.adminDoor.doBegin(former, '198.51.100.7');
    await expect.poll(async () => (await world.db.q.selectFrom('login_codes').select('phone').where('phone', '=', former).execute()).length).toBe(2);
    await world.db.q.deleteFrom('login_codes').where('user_id', '=', userId).execute();
    await operate({ kind: 'move-phone', peerId: userId, phone: PHONE });
    await auth.adminDoor.doBegin(PHONE, '198.51.100.7');
    expect(await findEverywhere(former)).toEqual(expect.arrayContaining(['admin_log_ins.phone', 'login_codes.phone']));
    expect(await operate({ kind: 'delete-account', peerId: userId })).toMatch(/^deleted/);
    for (const phone of [former, PHONE]) expect([phone, await findEverywhere(phone)]).toEqual([phone, []]);
  });

  it('nor the number from which it went away itself, but what others with that number do stays', async () => {
    const { auth } = world.domain;
    const [former, lent] = ['15550006666', '15550005555'];
    const { userId, authKeyId } = await signUp(lent);
    const device = { ...(await world.newDevice()), permAuthKeyId: authKeyId, userId };
    for (const phone of [former, PHONE]) {
      await world.clock.advance(25 * 3_600_000);
      const { codeHash } = await auth.doSendChangePhoneCode(device, phone);
      await auth.doChangePhone(device, phone, { codeHash, code: world.codes.at(-1)!.code }, undefined);
    }
    await signUp(lent);
    const { device: guest, codeHash, code } = await askCode(lent);
    await operate({ kind: 'move-phone', peerId: userId, phone: '15550004444' });
    expect(await findEverywhere(former)).toContain('login_codes.bound_to');
    await operate({ kind: 'delete-account', peerId: userId });
    for (const phone of [former, PHONE]) expect([phone, await findEverywhere(phone)]).toEqual([phone, []]);
    await auth.doSignIn(guest, lent, codeHash, code);
  });

  it('but a ban of its number stays', async () => {
    const { userId } = await signUp();
    await doBanPhone(world.db, { phone: PHONE, userId, isBanned: true, nowDate: world.clock.now() });
    await operate({ kind: 'delete-account', peerId: userId });
    expect(await findEverywhere(PHONE)).toEqual(['banned_phones.phone']);
    expect(await errorOf(world.domain.auth.doSendCode(await world.newDevice(), PHONE, APP))).toBe('PHONE_NUMBER_BANNED');
  });

  it('unless it belongs to the server, or is a bot', async () => {
    await world.db.q.insertInto('users').values({ user_id: 7n, phone: null, bot: true, first_name: 'Bot', last_name: '', username: null, created_date: 1, online_date: 0 }).execute();
    expect(await operate({ kind: 'delete-account', peerId: 777_000n })).toBe('refused: it belongs to the server itself');
    expect(await operate({ kind: 'delete-account', peerId: 7n })).toMatch(/^refused: it is a bot/);
    expect(await operate({ kind: 'delete-account', peerId: 8n })).toBe('refused: there is no such account');
  });
});

describe('the operator takes a password off', () => {
  it('with what was issued for it, and tells the owner once', async () => {
    const { auth } = world.domain;
    const ann = await signUp();
    await errorOf(auth.passwords.doUpdatePassword(proverOf(ann), NO_PROOF, passwordSettings('one', 'safe@example.org')));
    await auth.passwords.doConfirmPasswordEmail(ann.userId, world.emails.at(-1)!.code);
    await auth.doRequestRecovery(ann);
    await auth.doResetPassword(ann);
    const { device, codeHash, code } = await askCode(PHONE);
    expect(await errorOf(auth.doSignIn(device, PHONE, codeHash, code))).toBe('SESSION_PASSWORD_NEEDED');
    const before = (await notices(ann.userId)).length;
    expect(await operate({ kind: 'remove-password', peerId: ann.userId })).toBe('its password is taken off, and the owner is told');
    for (const table of ['passwords', 'srp_challenges'] as const) expect(await world.db.q.selectFrom(table).select('user_id').where('user_id', '=', ann.userId).execute()).toEqual([]);
    expect(await errorOf(auth.doCheckRecoveryCode(ann, world.emails.at(-1)!.code))).toBe('PASSWORD_RECOVERY_EXPIRED');
    expect((await notices(ann.userId)).slice(before)).toEqual([
      expect.stringMatching(/^Password reset requested/), expect.stringMatching(/^Login code/), expect.stringMatching(/^Password removed\.\n\nThe operator of this server/),
    ]);
    expect((await world.again(device)).pendingUserId).toBeUndefined();
    expect(await isIn(ann)).toBe(true);
    expect(await operate({ kind: 'remove-password', peerId: ann.userId })).toBe('refused: it has no password');
  });
});

describe('the operator gives an account another number', () => {
  it('and its owner and devices are told', async () => {
    const ann = await signUp();
    const pts = async () => (await world.domain.updates.findState(ann.userId)).pts;
    const before = await pts();
    expect(await operate({ kind: 'move-phone', peerId: ann.userId, phone: '15550008888' })).toBe('its number is changed, and the owner is told');
    expect(await world.domain.users.findByPhone('15550008888')).toMatchObject({ user_id: ann.userId });
    expect(await world.domain.users.findByPhone(PHONE)).toBeUndefined();
    expect(await notices(ann.userId)).toEqual([expect.stringContaining('from +15550007777 to +15550008888')]);
    expect(await pts()).toBeGreaterThan(before);
    expect(await isIn(ann)).toBe(true);
    expect(await operate({ kind: 'move-phone', peerId: ann.userId, phone: '15550008888' })).toBe('it has this number already');
    // Nothing that operators have done can be searched for a number.
    expect(JSON.stringify(await listOperatorLog(world.db, 10), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain('1555');
    expect(await world.db.q.selectFrom('operator_log').select('entry_id').where('command', 'is not', null).execute()).toEqual([]);
  });

  it('but none that has an account or is banned, and none to leave a ban behind', async () => {
    const ann = await signUp();
    await world.signUp('9996620002', 'Bob');
    expect(await operate({ kind: 'move-phone', peerId: ann.userId, phone: '9996620002' })).toBe('refused: the number has an account');
    await doBanPhone(world.db, { phone: '15550009999', userId: undefined, isBanned: true, nowDate: world.clock.now() });
    expect(await operate({ kind: 'move-phone', peerId: ann.userId, phone: '15550009999' })).toMatch(/^refused: its number, or the new one, is banned/);
    await doBanPhone(world.db, { phone: PHONE, userId: ann.userId, isBanned: true, nowDate: world.clock.now() });
    expect(await operate({ kind: 'move-phone', peerId: ann.userId, phone: '15550008888' })).toMatch(/^refused: its number, or the new one, is banned/);
    expect(await world.domain.users.findByPhone(PHONE)).toMatchObject({ user_id: ann.userId });
  });
});

describe('a banned number', () => {
  const ban = (userId: bigint, phone: string): Promise<void> => doBanPhone(world.db, { phone, userId, isBanned: true, nowDate: world.clock.now() });

  it('lets nobody in by another device that was kept, or by a password', async () => {
    const { auth } = world.domain;
    const { key } = await world.signUp('9996620001', 'Pat');
    await auth.passwords.doUpdatePassword(proverOf(key), NO_PROOF, passwordSettings('one'));
    const waiting = await waitingDevice(world, '9996620001');
    await ban(key.userId, '9996620001');
    const proof = await prove(world, { userId: key.userId, authKeyId: waiting.permAuthKeyId }, 'one');
    expect(await errorOf(auth.doCheckPassword(waiting, proof, new Uint8Array()))).toBe('PHONE_NUMBER_BANNED');
    const shown = await world.newDevice();
    const { token } = await auth.doExportLoginToken(shown, APP, []);
    expect(await errorOf(auth.doAcceptLoginToken(key, token))).toBe('PHONE_NUMBER_BANNED');
    expect(await isIn({ authKeyId: shown.permAuthKeyId })).toBe(false);
  });

  it('is not left by its owner, and not taken with a code that was sent before', async () => {
    const { auth } = world.domain;
    const { key, device } = await world.signUp('9996620001', 'Pat');
    const change = async (phone: string, before: () => Promise<void>) => {
      const { codeHash } = await auth.doSendChangePhoneCode(device, phone);
      await before();
      return errorOf(auth.doChangePhone(device, phone, { codeHash, code: phone.charAt(5).repeat(5) }, undefined));
    };
    expect(await change('9996620005', () => doBanPhone(world.db, { phone: '9996620005', userId: undefined, isBanned: true, nowDate: world.clock.now() }))).toBe('PHONE_NUMBER_BANNED');
    expect(await change('9996620006', () => ban(key.userId, '9996620001'))).toBe('PHONE_NUMBER_BANNED');
    expect(await world.domain.users.findRow(key.userId)).toMatchObject({ phone: '9996620001' });
  });

  it('ends the sessions of a log-in that is being committed', async () => {
    const { key } = await world.signUp('9996620001', 'Pat');
    const device = await world.newDevice();
    const { codeHash } = await world.domain.auth.doSendCode(device, '9996620001', APP);
    // Holds the log-in after it has seen that the number is not banned, and until the ban waits for it.
    await sql`CREATE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_lock(1); PERFORM pg_advisory_unlock(1); RETURN NEW; END'`.execute(world.db.q);
    await sql`CREATE TRIGGER pause BEFORE INSERT ON authorizations FOR EACH ROW EXECUTE FUNCTION pause()`.execute(world.db.q);
    await world.db.q.connection().execute(async (holder) => {
      await sql`SELECT pg_advisory_lock(1)`.execute(holder);
      const logIn = world.domain.auth.doSignIn(device, '9996620001', codeHash, '22222');
      const waits = async (n: number) => (await sql<{ n: number }>`SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted`.execute(holder)).rows[0]!.n >= n;
      await expect.poll(() => waits(1)).toBe(true);
      const banning = doBanPhone(world.db, { phone: '9996620001', userId: key.userId, isBanned: true, endsSessions: true, nowDate: world.clock.now() });
      await expect.poll(() => waits(2)).toBe(true);
      await sql`SELECT pg_advisory_unlock(1)`.execute(holder);
      await Promise.all([logIn, banning]);
    });
    await world.runJobs();
    expect(await Promise.all([key, { authKeyId: device.permAuthKeyId }].map(isIn))).toEqual([false, false]);
  });
});
