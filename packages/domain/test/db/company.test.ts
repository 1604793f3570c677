import { seededRandom } from '@aerogram/runtime';
import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type CompanyPerson, doBanPhone, type RefreshAnswer, startMaintenance, stopMaintenance } from '../../src/index.ts';
import { openToken } from '../../src/auth/company-token.ts';
import { APP, createWorld, errorOf, type World } from './accounts-world.ts';

const ISSUER = 'https://id.example.org';
const CAME = { refreshToken: 'first', address: '192.0.2.1' };
const DAY_MS = 86_400_000;

let world: World;
beforeAll(async () => {
  world = await createWorld({ signUp: 'closed' }, { keepsLog: true });
});
afterAll(() => world[Symbol.asyncDispose]());

let count = 0;

/** A person whom the provider has not named before. */
function somebody(more: Partial<CompanyPerson> = {}): CompanyPerson {
  return { issuer: ISSUER, subject: `person ${++count}`, firstName: 'Ann', lastName: 'Lee', email: undefined, ...more };
}

async function enter(person: CompanyPerson, refreshToken: string | null = 'first'): Promise<{ userId: bigint; phone: string }> {
  const outcome = await world.domain.auth.companyAccounts.doEnter(person, { ...CAME, refreshToken: refreshToken ?? undefined });
  if (outcome.kind !== 'entered') throw new Error(outcome.kind);
  const { phone } = await world.db.q.selectFrom('users').select('phone').where('user_id', '=', outcome.userId).executeTakeFirstOrThrow();
  return { userId: outcome.userId, phone: phone! };
}

/** Codes that cost something. */
const byPhone = () => world.codes.filter(({ way }) => way !== 'app');

const rowOf = (userId: bigint) => world.db.q.selectFrom('company_accounts').selectAll().where('user_id', '=', userId).executeTakeFirst();

/** The refresh token that is kept. */
async function tokenOf(userId: bigint): Promise<string | undefined> {
  const sealed = (await rowOf(userId))?.sealed_token;
  return sealed ? openToken(world.files.keys, { oidcClientId: 'aerogram' }, sealed) : undefined;
}

/** Logs a device in by the code that waits at /enter. */
async function logIn({ userId, phone }: { userId: bigint; phone: string }) {
  const { auth } = world.domain;
  const device = await world.newDevice();
  const { codeHash, via } = await auth.doSendCode(device, phone, APP);
  const [waiting] = (await auth.companyAccounts.findEntered(userId))!.codes;
  await auth.doSignIn(device, phone, codeHash, waiting!.code);
  return { device: await world.again(device), via };
}

const devicesOf = async (userId: bigint): Promise<number> => (await world.db.q.selectFrom('authorizations').select('hash').where('user_id', '=', userId).execute()).length;

/** Lets an hour pass, and checks a person with the answer of the provider. @param answer undefined: the process dies before it comes */
async function check(userId: bigint, answer: RefreshAnswer | undefined, isLater = true): Promise<string> {
  if (isLater) await world.clock.advance(3_600_000);
  const died = new Error('kill -9');
  const checked = world.domain.auth.companyChecks.doCheck(userId, () => (answer === undefined ? Promise.reject(died) : Promise.resolve(answer)));
  return checked.catch((error: unknown) => {
    if (error !== died) throw error;
    return 'died';
  });
}

const valid = (refreshToken?: string): RefreshAnswer => ({ kind: 'valid', refreshToken });
const REVOKED: RefreshAnswer = { kind: 'revoked' };

describe('a person of the company', () => {
  test('gets one account, however often and from however many browsers the person enters', async () => {
    const ann = somebody();
    const entered = await Promise.all(Array.from({ length: 5 }, () => enter(ann)));
    expect(new Set(entered.map(({ userId }) => userId)).size).toBe(1);
    expect(entered[0]!.phone).toMatch(/^888\d{11}$/);
    expect((await world.db.q.selectFrom('users').select('user_id').where('phone', '=', entered[0]!.phone).execute())).toHaveLength(1);
  });

  test('is somebody else at another provider, and as another subject with the same address', async () => {
    const email = 'same@example.org';
    const ids = [];
    for (const person of [somebody({ subject: 'x', email }), somebody({ subject: 'x', email, issuer: 'https://other.example.org' }), somebody({ subject: 'X', email })]) ids.push((await enter(person)).userId);
    expect(new Set(ids).size).toBe(3);
  });

  test('gets no account in a maintenance, but who has one comes in', async () => {
    const [ann, bob] = [somebody(), somebody()];
    const { userId } = await enter(ann);
    await startMaintenance(world.db, { text: '' }, world.clock.now());
    expect(await enter(ann)).toMatchObject({ userId });
    await expect(enter(bob)).rejects.toThrow('maintenance');
    await stopMaintenance(world.db, world.clock.now());
    await enter(bob);
  });

  test('costs no SMS, and gets codes by mail too', async () => {
    const [plain, mailed] = [await enter(somebody()), await enter(somebody({ email: 'bob@example.org' }))];
    expect((await logIn(plain)).via).toBe('enter');
    expect((await logIn(plain)).via).toBe('app');
    expect((await logIn(mailed)).via).toBe('email');
    await expect.poll(() => world.emails.map(({ email }) => email)).toEqual(['bob@example.org']);
    expect(byPhone()).toEqual([]);
  });

  test('keeps the number, by which the company lets the person in', async () => {
    const { device } = await logIn(await enter(somebody()));
    await world.clock.advance(2 * DAY_MS);
    expect(await errorOf(world.domain.auth.doSendChangePhoneCode(device, '15550007777'))).toBe('PHONE_NUMBER_INVALID');
    expect(byPhone()).toEqual([]);
  });

  test('gets codes at the address that the provider names now, unless the person has chosen another', async () => {
    const emailOf = async (userId: bigint) => (await world.db.q.selectFrom('account_security').select('login_email').where('user_id', '=', userId).executeTakeFirst())?.login_email;
    const eve = somebody({ email: 'old@example.org' });
    const { userId } = await enter(eve);
    await enter({ ...eve, email: 'new@example.org' });
    expect(await emailOf(userId)).toBe('new@example.org');
    await enter({ ...eve, email: undefined });
    expect(await emailOf(userId)).toBeNull();
    await enter({ ...eve, email: 'new@example.org' });
    await world.db.transact('choose', async (tx) => {
      await tx.q.updateTable('account_security').set({ login_email: 'own@example.org' }).where('user_id', '=', userId).execute();
    });
    await enter({ ...eve, email: 'third@example.org' });
    expect(await emailOf(userId)).toBe('own@example.org');
  });

  test('who is banned stays out, also with the account deleted, until the ban is lifted', async () => {
    const { auth } = world.domain;
    const mallory = somebody();
    const { userId, phone } = await enter(mallory);
    const ban = (isBanned: boolean) => doBanPhone(world.db, { phone, userId, isBanned, nowDate: world.clock.now() });
    await ban(true);
    expect(await auth.companyAccounts.doEnter(mallory, CAME)).toEqual({ kind: 'banned', userId });
    expect(await auth.companyAccounts.findEntered(userId)).toBeUndefined();
    await auth.doEndAccount(userId, 'no longer needed');
    expect(await auth.companyAccounts.doEnter(mallory, CAME)).toMatchObject({ kind: 'banned' });
    expect(await rowOf(userId)).toMatchObject({ sealed_token: null, next_check_date: null });
    await ban(false);
    const other = await enter(mallory);
    expect([other.userId === userId, other.phone === phone]).toEqual([false, false]);
    expect(await rowOf(userId)).toBeUndefined();
  });

  test('whose account is deleted gets a new one, and nothing of the old one is kept', async () => {
    const zoe = somebody({ email: 'zoe@example.org' });
    const { userId } = await enter(zoe);
    await world.domain.auth.companySessions.doOpen(userId);
    await world.domain.auth.doEndAccount(userId, 'no longer needed');
    expect(await rowOf(userId)).toBeUndefined();
    expect(await world.db.q.selectFrom('company_sessions').selectAll().where('user_id', '=', userId).execute()).toEqual([]);
    expect((await enter(zoe)).userId).not.toBe(userId);
  });
});

describe('a check of a person at the provider', () => {
  test('keeps the token that replaces the one that was used, sealed', async () => {
    const { userId } = await enter(somebody());
    expect(await check(userId, valid('second'))).toBe('valid');
    expect(await tokenOf(userId)).toBe('second');
    expect(Buffer.from((await rowOf(userId))!.sealed_token!).includes('second')).toBe(false);
    expect(await check(userId, valid())).toBe('valid');
    expect(await tokenOf(userId)).toBe('second');
  });

  test('is due once an interval, and one process does it', async () => {
    const { userId } = await enter(somebody());
    expect(await check(userId, REVOKED, false)).toBe('skipped');
    await world.clock.advance(3_600_000);
    const { companyChecks } = world.domain.auth;
    let asked = 0;
    const ask = (): Promise<RefreshAnswer> => {
      asked++;
      return Promise.resolve(valid('next'));
    };
    const outcomes = await Promise.all([companyChecks.doCheck(userId, ask), companyChecks.doCheck(userId, ask)]);
    expect([asked, outcomes.toSorted()]).toEqual([1, ['skipped', 'valid']]);
  });

  test('that finds the person disabled logs out all devices, and no way leads in until the person enters again', async () => {
    const { auth } = world.domain;
    const ann = somebody();
    const { userId, phone } = await enter(ann);
    await logIn({ userId, phone });
    const secret = await auth.companySessions.doOpen(userId);
    expect(await check(userId, REVOKED)).toBe('ended');
    await world.runJobs();
    expect(await devicesOf(userId)).toBe(0);
    expect(await auth.companySessions.find(secret)).toBeUndefined();
    expect(await errorOf(auth.doSendCode(await world.newDevice(), phone, APP))).toBe('PHONE_NUMBER_BANNED');
    expect(world.logged.findLast(({ event }) => event === 'company_ended')).toMatchObject({ userId: Number(userId) });
    await enter(ann, 'again');
    await logIn({ userId, phone });
    expect(await devicesOf(userId)).toBe(1);
  });

  test('also stops a code that was asked for before', async () => {
    const { auth } = world.domain;
    const { userId, phone } = await enter(somebody());
    await world.clock.advance(3_600_000);
    const device = await world.newDevice();
    const { codeHash } = await auth.doSendCode(device, phone, APP);
    const { code } = (await auth.companyAccounts.findEntered(userId))!.codes[0]!;
    expect(await check(userId, REVOKED, false)).toBe('ended');
    expect(await errorOf(auth.doSignIn(device, phone, codeHash, code))).toBe('PHONE_NUMBER_BANNED');
    expect(await devicesOf(userId)).toBe(0);
  });

  test('whose answer was lost with the process logs nobody out, and asks for a new log-in', async () => {
    const ann = somebody({ email: 'lost@example.org' });
    const { userId, phone } = await enter(ann);
    const { device } = await logIn({ userId, phone });
    expect(await check(userId, undefined)).toBe('died');
    // Another process does not take it over at once.
    expect(await check(userId, REVOKED, false)).toBe('skipped');
    expect(await check(userId, REVOKED)).toBe('unsure');
    await world.runJobs();
    expect(await devicesOf(userId)).toBe(1);
    const notices = await world.db.q.selectFrom('messages').select('text').where('owner_id', '=', userId).execute();
    expect(notices.map(({ text }) => text).join('\n')).toContain('http://localhost:8080/enter');
    // Codes are shown only to somebody whom the provider lets in.
    expect((await world.domain.auth.doSendCode(await world.newDevice(), phone, APP)).via).toBe('enter');
    await enter(ann, 'again');
    expect(await rowOf(userId)).toMatchObject({ state: 'in', trying_date: null });
    expect(await check(userId, REVOKED)).toBe('ended');
    await world.runJobs();
    expect((await world.again(device)).userId).toBeUndefined();
  });

  test('is certain again after the lost token has turned out to be good', async () => {
    const { userId } = await enter(somebody());
    expect(await check(userId, { kind: 'unknown', reason: 'timeout' })).toBe('unknown');
    expect(await check(userId, valid('second'))).toBe('valid');
    expect(await check(userId, REVOKED)).toBe('ended');
  });

  test('that the provider does not answer changes nothing, and what was doubtful stays so', async () => {
    const [one, other] = [await enter(somebody()), await enter(somebody())];
    const AWAY: RefreshAnswer = { kind: 'unused', reason: 'ECONNREFUSED' };
    expect(await check(one.userId, AWAY)).toBe('unused');
    expect(await rowOf(one.userId)).toMatchObject({ state: 'in', trying_date: null });
    expect(await check(one.userId, REVOKED)).toBe('ended');
    expect(await check(other.userId, { kind: 'unknown', reason: 'timeout' })).toBe('unknown');
    expect(await check(other.userId, AWAY)).toBe('unused');
    expect(await check(other.userId, REVOKED)).toBe('unsure');
  });

  test('whose answer comes after the person has entered again says nothing of the new token', async () => {
    const ann = somebody();
    const { userId } = await enter(ann);
    await world.clock.advance(3_600_000);
    const outcome = await world.domain.auth.companyChecks.doCheck(userId, async () => {
      await enter(ann, 'newer');
      return REVOKED;
    });
    expect([outcome, await tokenOf(userId), (await rowOf(userId))!.state]).toEqual(['skipped', 'newer', 'in']);
  });

  test('lists people of the provider that is asked, those without a token never', async () => {
    const [mine, others, without] = [await enter(somebody()), await enter(somebody({ issuer: 'https://former.example.org' })), await enter(somebody(), null)];
    await world.clock.advance(3_600_000);
    const due = await world.domain.auth.companyChecks.listDue(ISSUER, 1000);
    expect([due.includes(mine.userId), due.includes(others.userId), due.includes(without.userId)]).toEqual([true, false, false]);
  });
});

describe('a token of the web client', () => {
  const sha = (text: string) => import('node:crypto').then(({ createHash }) => createHash('sha256').update(text).digest());
  const SECRET = 's'.repeat(32);

  async function importToken(token: string, device?: Awaited<ReturnType<World['newDevice']>>) {
    const by = device ?? (await world.newDevice());
    return { device: by, outcome: await errorOf(world.domain.auth.webTokenLogIn.doImportWebToken(by, token, APP)) };
  }

  test('logs in once, within two minutes, together with the secret of the window that began', async () => {
    const { companySessions } = world.domain.auth;
    const { userId } = await enter(somebody());
    const make = async () => companySessions.doMakeWebToken(userId, await sha(SECRET));
    const token = await make();
    for (const wrong of [token, `${token}.`, `${token}.${'t'.repeat(32)}`, `${token}.${SECRET}.x`, `x.${SECRET}`]) expect([wrong, (await importToken(wrong)).outcome]).toEqual([wrong, 'TOKEN_INVALID']);
    const { device, outcome } = await importToken(`${token}.${SECRET}`);
    expect(outcome).toBe('no error');
    expect((await importToken(`${token}.${SECRET}`, await world.again(device))).outcome).toBe('no error');
    expect((await importToken(`${token}.${SECRET}`)).outcome).toBe('TOKEN_INVALID');
    const late = await make();
    await world.clock.advance(121_000);
    expect((await importToken(`${late}.${SECRET}`)).outcome).toBe('TOKEN_INVALID');
  });

  test('is worth nothing to a person who was banned or disabled meanwhile', async () => {
    const { companySessions } = world.domain.auth;
    const [banned, ended] = [await enter(somebody()), await enter(somebody())];
    await world.clock.advance(3_600_000);
    const tokens = [];
    for (const { userId } of [banned, ended]) tokens.push(await companySessions.doMakeWebToken(userId, await sha(SECRET)));
    await doBanPhone(world.db, { ...banned, isBanned: true, nowDate: world.clock.now() });
    await check(ended.userId, REVOKED, false);
    for (const token of tokens) expect((await importToken(`${token}.${SECRET}`)).outcome).toBe('TOKEN_INVALID');
  });
});

describe('what browsers hold on their way', () => {
  test('a log-in can be ended once, within ten minutes, by the browser that began it', async () => {
    const { companySessions } = world.domain.auth;
    const [browser, other] = [companySessions.newSecret(), companySessions.newSecret()];
    const { state, nonce, verifier } = await companySessions.doBegin(browser, undefined);
    expect(await companySessions.doTake(other, state)).toBeUndefined();
    expect(await companySessions.doTake(browser, state)).toEqual({ nonce, verifier, webSecretHash: undefined });
    expect(await companySessions.doTake(browser, state)).toBeUndefined();
    const late = await companySessions.doBegin(browser, undefined);
    await world.clock.advance(601_000);
    expect(await companySessions.doTake(browser, late.state)).toBeUndefined();
  });

  test('a log-in is not ended by many others that strangers begin', async () => {
    const { companySessions } = world.domain.auth;
    const browser = companySessions.newSecret();
    const { state } = await companySessions.doBegin(browser, undefined);
    await sql`INSERT INTO company_attempts (state_hash, browser_hash, nonce, verifier, created_date)
      SELECT sha256(n::text::bytea), sha256(n::text::bytea), '', '', ${world.clock.now() + 1} FROM generate_series(1, 50000) n`.execute(world.db.q);
    await world.clock.advance(2000);
    for (let n = 0; n < 200; n++) await companySessions.doBegin(companySessions.newSecret(), undefined);
    expect(await companySessions.doTake(browser, state)).toBeDefined();
  });

  test('a browser has five log-ins under way, and a person ten browsers', async () => {
    const { companySessions } = world.domain.auth;
    const browser = companySessions.newSecret();
    const begun = [];
    for (let n = 0; n < 7; n++) {
      begun.push(await companySessions.doBegin(browser, undefined));
      await world.clock.advance(1000);
    }
    const taken = [];
    for (const { state } of begun) taken.push((await companySessions.doTake(browser, state)) !== undefined);
    expect(taken).toEqual([false, false, true, true, true, true, true]);
    const { userId } = await enter(somebody());
    const secrets = [];
    for (let n = 0; n < 12; n++) {
      secrets.push(await companySessions.doOpen(userId));
      await world.clock.advance(1000);
    }
    const seen = [];
    for (const secret of secrets) seen.push((await companySessions.find(secret)) !== undefined);
    expect(seen).toEqual([false, false, ...Array.from({ length: 10 }, () => true)]);
    await world.clock.advance(3_600_000);
    expect(await companySessions.find(secrets.at(-1)!)).toBeUndefined();
  });

  test('is deleted when it is over', async () => {
    const { companySessions } = world.domain.auth;
    const { userId } = await enter(somebody());
    await companySessions.doBegin(companySessions.newSecret(), undefined);
    await companySessions.doOpen(userId);
    await companySessions.doMakeWebToken(userId, await sha256());
    await world.clock.advance(2 * 3_600_000);
    await world.domain.auth.doCleanUp();
    for (const table of ['company_attempts', 'company_sessions', 'company_web_tokens'] as const) expect([table, await world.db.q.selectFrom(table).selectAll().execute()]).toEqual([table, []]);
  });

  const sha256 = () => Promise.resolve(seededRandom('hash').bytes(32));
});
