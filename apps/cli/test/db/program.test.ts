import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeServerFile } from '@aerogram/runtime';
import { lockDataDirectory, SCHEMA_VERSION, sql } from '@aerogram/storage';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { LAYER } from '@aerogram/tl';
import { createProgram } from '../../src/program.ts';

const NOW = Math.floor(Date.now() / 1000);
const PEM = '-----BEGIN RSA PUBLIC KEY-----\nABC\n-----END RSA PUBLIC KEY-----\n';

let db: TestDatabase;
let dataDir: string;

/** Runs a command with its own settings. */
async function runWith(settings: Record<string, string>, ...args: string[]): Promise<string> {
  const lines: string[] = [];
  const env = { AEROGRAM_DATA_DIR: dataDir, ...settings };
  await createProgram(env, (line) => void lines.push(line)).parseAsync(args, { from: 'user' });
  return lines.join('\n');
}

/** Runs a command with the database of the test. */
function run(...args: string[]): Promise<string> {
  return runWith({ AEROGRAM_DATABASE_URL: db.url }, ...args);
}

beforeAll(async () => {
  db = await testDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'aerogram-cli-'));
  await db.q
    .insertInto('users')
    .values({ user_id: 10n, phone: '9996621234', first_name: 'Alice', last_name: 'Liddell', username: 'Alice', created_date: NOW })
    .execute();
  await db.q.insertInto('usernames').values({ name: 'alice', peer_id: 10n, confirmed: true, reserved_date: NOW }).execute();
  const code = { phone: '15550001111', auth_key_id: 1n, created_date: NOW };
  await db.q
    .insertInto('login_codes')
    .values([
      { ...code, code_hash: 'a', code: '12345', expires_date: NOW + 100, accepted_date: null },
      { ...code, code_hash: 'b', code: '54321', expires_date: NOW - 100, accepted_date: null },
      { ...code, code_hash: 'c', code: '11111', expires_date: NOW + 100, accepted_date: NOW },
    ])
    .execute();
});

afterAll(async () => {
  await db[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('aerogram', () => {
  it('shows which person of the company has an account', async () => {
    expect(await run('user', 'show', '10')).not.toContain('company');
    const row = { user_id: 10n, issuer: 'https://id.example.org', subject: 'a "b"', email: null, created_date: NOW, entered_date: NOW, sealed_token: null, checked_date: NOW, next_check_date: null, trying_date: null };
    await db.q.insertInto('company_accounts').values({ ...row, state: 'ended' }).execute();
    expect(await run('user', 'show', '10')).toMatch(/company +https:\/\/id\.example\.org, subject "a \\"b\\""\n +logged out, because the provider does not let the person in; entered .* checked no more since /);
    await db.q.deleteFrom('company_accounts').execute();
  });

  it('shows codes by e-mail if there is no mail server', async () => {
    const code = { owner: '10', purpose: 'recovery', auth_key_id: 1n, bound_to: '', email: 'a@example.org', code: '654321', since_date: NOW, sent_date: NOW, expires_date: NOW + 3600 };
    await db.q.insertInto('email_codes').values(code).execute();
    expect(await run('code', '+9996621234')).toMatch(/^654321 {2}valid for \d+ s, sent by e-mail, recovers the password$/);
    expect(await run('chats', 'log', '--limit', '1')).toMatch(/ {2}show the codes of account 10$/);
  });

  it('shows only codes that are still valid', async () => {
    const shown = await run('code', '+1 555 000 1111');
    expect(shown).toMatch(/^12345 {2}valid for \d+ s$/);
    expect(await run('chats', 'log', '--limit', '1')).toMatch(/ {2}show the codes of a number without an account$/);
    await expect(run('code', '+1 555')).rejects.toThrow('no code is waiting');
    const invitedOnly = (...args: string[]): Promise<string> => runWith({ AEROGRAM_DATABASE_URL: db.url, AEROGRAM_SIGN_UP: 'invited' }, ...args);
    expect(await invitedOnly('code', '+15550001111')).toMatch(/\n\+15550001111 has no account and is not invited: no code lets it in \(AEROGRAM_SIGN_UP is "invited" here\)$/);
    await expect(invitedOnly('code', '+15550001112')).rejects.toThrow('no code is waiting for +15550001112; +15550001112 has no account and is not invited');
    expect(JSON.parse(await invitedOnly('code', '+15550001111', '--json'))).toMatchObject([{ code: '12345', usable: false }]);
    await db.q.insertInto('invitations').values({ phone: '15550001111', email: null, created_date: NOW }).execute();
    expect(await invitedOnly('code', '+15550001111')).not.toContain('not invited');
    await db.q.deleteFrom('invitations').execute();
  });

  it('prints what the database contains, and migrates it', async () => {
    const status = await run('status');
    expect(status).toContain('server     not running');
    expect(status).toMatch(/^photos {5}made by sharp 0\./m);
    expect(status).toContain('accounts   1, on 0 devices');
    expect(status).not.toContain('clients ');
    const key = { auth_key: new Uint8Array(256), kind: 0, dc_id: 2, media: false, test: false, created_date: NOW, expires_date: null, user_id: 10n };
    await db.q.insertInto('auth_keys').values([LAYER, LAYER + 2, LAYER + 2].map((layer, at) => ({ ...key, auth_key_id: BigInt(at + 1), layer }) as never)).execute();
    const device = { user_id: 10n, created_date: NOW, active_date: NOW, address: '192.0.2.1' };
    await db.q.insertInto('authorizations').values([1n, 2n, 3n].map((id) => ({ ...device, auth_key_id: id, hash: id, login_seq: id }) as never)).execute();
    expect(await run('status')).toMatch(new RegExp(`^clients {4}2 devices speak layer ${LAYER + 2}, and this program ${LAYER}: .* may not arrive there`, 'm'));
    await db.q
      .insertInto('dead_jobs')
      .values({ job_id: 1n, owner_id: 10n, kind: 'greet', payload: new Uint8Array(), attempts: 9, created_date: NOW, dead_date: NOW, error: 'Error: gone' })
      .execute();
    expect(await run('status')).toMatch(/^dead {7}1 × greet, last .*: Error: gone$/m);
    expect(await run('migrate')).toMatch(/schema version \d+/);
    const [present, newest] = Array.from((await run('migrate', '--check')).matchAll(/schema version (\d+)/g), ([, version]) => version);
    expect(newest).toBe(present);
  });

  it('tells a server that starts or stops from one that does not run', async () => {
    await using _lock = await lockDataDirectory(dataDir);
    const status = await run('status');
    expect(status).toMatch(new RegExp(`^server {5}process ${process.pid} has the data directory and starts or stops, `));
    expect(status).not.toContain('the server does not run');
    const starting = mkdtempSync(join(tmpdir(), 'aerogram-cli-starting-'));
    try {
      mkdirSync(join(starting, 'postgres-18'));
      writeFileSync(join(starting, 'postgres-18', 'PG_VERSION'), '18\n');
      await using _other = await lockDataDirectory(starting);
      expect(await runWith({ AEROGRAM_DATA_DIR: starting }, 'status')).toContain(`database   not to be asked yet: process ${process.pid} starts or stops it`);
    } finally {
      rmSync(starting, { recursive: true });
    }
  });

  it('invites numbers, lists and revokes the invitations', async () => {
    expect(await run('invite', 'list')).toBe('no invitations wait');
    await expect(run('invite', 'create')).rejects.toThrow('name a number with --phone, or an address with --email, or make a link with --link');
    await expect(run('invite', 'create', '--phone', '12')).rejects.toThrow('"12" is no phone number');
    await expect(run('invite', 'create', '--email', 'a@example.org')).rejects.toThrow('only with AEROGRAM_SMTP_URL');
    expect(await run('invite', 'create', '--phone', '+1 555 000 4444')).toBe('invited    +15550004444\nnothing sends codes to phones here (AEROGRAM_CODE_HOOK_URL): when one has been asked for, "aerogram code +15550004444" shows it\nAEROGRAM_SIGN_UP is "open" here: everybody may sign up');
    expect(await runWith({ AEROGRAM_DATABASE_URL: db.url, AEROGRAM_CODE_HOOK_URL: 'https://sms.example.org' }, 'invite', 'create', '--phone', '+1 555 000 4444')).not.toContain('nothing sends codes');
    expect(JSON.parse(await run('invite', 'list', '--json'))).toMatchObject({ invitations: [{ phone: '15550004444', email: null, link: null }], links: [] });
    expect(await run('invite', 'revoke', '+15550004444')).toBe('revoked    +15550004444');
    await expect(run('invite', 'revoke', '+15550004444')).rejects.toThrow('is not invited, or has signed up');
  });

  it('makes links by which people invite themselves, lists and revokes them', async () => {
    const made = (await run('invite', 'create', '--link', '--uses', '20', '--expires', '14')).split('\n');
    const [, token] = /^http:\/\/localhost:\d+\/invite\/([\w-]{43})$/.exec(made[0]!)!;
    expect(made[1]).toMatch(/^link \d+ for 20 people, until \S+; it is shown only now$/);
    expect(made.slice(2)).toEqual(['AEROGRAM_WEB_ADDRESS is not set: the link works on this machine only', 'AEROGRAM_SIGN_UP is "open" here: everybody may sign up']);
    const json = JSON.parse(await run('invite', 'create', '--link', '--json')) as { link: string; uses: number; expires_date: string };
    expect(json).toMatchObject({ uses: 1, sign_up: 'open' });
    expect((Date.parse(json.expires_date) - Date.now()) / 86_400_000).toBeCloseTo(7, 1);
    const listed = await run('invite', 'list', '--json');
    expect(JSON.parse(listed)).toMatchObject({ invitations: [], links: [{ link: json.link, uses: 1, uses_left: 1, made_by: null }, { uses: 20, uses_left: 20 }] });
    expect(listed).not.toContain(token);
    expect(await run('invite', 'list')).toMatch(new RegExp(`^no invitations wait\nlink ${json.link}  1 of 1 uses left, until \\S+, made \\S+ at the command line\nlink `));
    for (const [args, problem] of [
      [['create', '--link', '--uses', '10001'], '--uses must be a whole number from 1 to 10000'],
      [['create', '--link', '--expires', '366'], '--expires must be a whole number from 1 to 365'],
      [['create', '--link', '--phone', '+15550004444'], '--link has neither --phone nor --email'],
      [['create', '--phone', '+15550004444', '--uses', '2'], '--uses and --expires are for --link'],
      [['revoke'], 'name a number, or a link with --link'],
      [['revoke', '+15550004444', '--link', json.link], 'name a number, or a link with --link'],
      [['revoke', '+15550004444', '--with-invitations'], '--with-invitations is for --link'],
      [['revoke', '--link', 'x'], 'a link has a number'],
    ] as const) {
      await expect(run('invite', ...args)).rejects.toThrow(problem);
    }
    expect(await run('invite', 'revoke', '--link', json.link)).toBe(`revoked    link ${json.link}`);
    await expect(run('invite', 'revoke', '--link', json.link)).rejects.toThrow(`there is no link ${json.link}`);
    expect(await run('chats', 'log', '--limit', '2')).toMatch(/revoke the invitation link \d+.*\n.*make the invitation link \d+ for 1 person and 7 days/);
  });

  it('says that an address was invited before, and which account has it', async () => {
    const create = (email: string, ...more: string[]): Promise<string> => runWith({ AEROGRAM_DATABASE_URL: db.url, AEROGRAM_SMTP_URL: 'smtp://127.0.0.1:1', AEROGRAM_SIGN_UP: 'invited' }, 'invite', 'create', '--email', email, ...more);
    const [, phone] = /^invited {4}\+(888\d{11}), with codes by mail to Zoe@example\.org$/.exec(await create('Zoe@example.org'))!;
    expect(await create('zoe@example.org')).toBe(`invited    before with +${phone}, with codes by mail to Zoe@example.org`);
    await db.q.insertInto('account_security').values({ user_id: 10n, login_email: 'zoe@Example.org' }).execute();
    expect(JSON.parse(await create('zoe@example.org', '--json'))).toMatchObject({ phone, was_invited: true, account: '10' });
    expect(await run('invite', 'revoke', `+${phone}`)).toBe(`revoked    +${phone}`);
    expect(await create('zoe@example.org')).toMatch(/^invited {4}\+888\d{11}, .*\naccount 10 gets its codes at this address already$/);
    await db.q.deleteFrom('account_security').execute();
    await db.q.deleteFrom('invitations').execute();
  });

  it('lists the nodes, drains none that is the last, and forgets one that ended', async () => {
    const insert = (name: string, state: 'serving' | 'left', token: bigint): Promise<unknown> =>
      db.q.insertInto('nodes').values({ name, host: 'here', pid: 7, state, token, until_ms: 1n, clock_ms: 1n, seen_barrier: 0 }).execute();
    await insert('aa', 'serving', 1n);
    await insert('ab', 'left', 0n);
    expect(await run('node', 'list')).toMatch(/^aa {2}serving, not renewed for \d+ s {2}process 7 on here\nab {2}left {2}process 7 on here$/);
    expect(JSON.parse(await run('node', 'list', '--json'))).toMatchObject([{ name: 'aa', state: 'serving', is_held: true }, { name: 'ab', state: 'left', is_held: false }]);
    await expect(run('node', 'drain', 'aa')).rejects.toThrow('no other node serves');
    await expect(run('node', 'remove', 'a')).rejects.toThrow('several nodes begin with a: aa, ab');
    await expect(run('node', 'remove', 'aa')).rejects.toThrow('still holds its row');
    expect(await run('node', 'remove', 'ab')).toBe('removed    ab');
    await db.q.deleteFrom('nodes').execute();
  });

  it('says how many reports are open, and when there is no room for more', async () => {
    expect(await run('status')).toMatch(/^reports {4}0 open$/m);
    await sql`INSERT INTO reports (owner_id, peer_id, msg_id, reason, comment, created_date) SELECT n, 10, 0, 'spam', '', ${NOW}::integer FROM generate_series(1, 50000) AS n`.execute(db.q);
    expect(await run('status')).toMatch(/^reports {4}50000 open; the queue is full, new ones are dropped until some are closed$/m);
    expect(await run('reports', 'list', '--limit', '1')).toContain('(the oldest 1 of 50000 open; the queue is full');
    await sql`DELETE FROM reports`.execute(db.q);
  });

  it('prints how the clock compares with the database, and what waits while it is unreliable', async () => {
    expect(await run('status')).toMatch(/^clock {6}agrees with the database's$/m);
    await expect(run('accept-clock')).rejects.toThrow('no server has used');
    const nowMs = Date.now();
    await db.q
      .insertInto('nodes')
      .values({ name: 'x', state: 'left', token: 1n, until_ms: 0n, host: 'somewhere', pid: 1, clock_ms: BigInt(nowMs), step_ms: 365n * 86_400_000n, stepped_ms: BigInt(nowMs - 7_200_000) })
      .execute();
    const status = await run('status');
    expect(status).toMatch(/^clock .*; the server saw it jump ahead by 365.0 days at 20/m);
    expect(status).toMatch(/^clock {6}not believed: idle devices, accounts and old log entries are kept, because it jumped ahead by 365.0 days; waiting until 20/m);
    expect(status).not.toContain('messages that expire wait');
    expect(await run('accept-clock')).not.toContain('not believed');
    expect(await run('status')).not.toContain('served by');
  });

  it('changes nothing while a server serves', async () => {
    await db.q.updateTable('nodes').set({ until_ms: BigInt(Date.now() + 60_000), clock_ms: BigInt(Date.now()) }).execute();
    expect(await run('status')).toContain('served by  process 1 on somewhere');
    await expect(run('new-epoch')).rejects.toThrow('a server uses the database (process 1 on somewhere): stop it first');
    await expect(run('adopt-database')).rejects.toThrow('stop it first');
    await db.q.updateTable('nodes').set({ until_ms: 0n }).execute();
    expect(await run('new-epoch')).toMatch(/^epoch {6}2, /);
  });

  it('says what an upgrade would do while a server serves, which is no obstacle yet', async () => {
    const setSchema = (value: number): Promise<unknown> => db.q.updateTable('meta').set({ value: String(value) }).where('key', '=', 'schema_version').execute();
    await db.q.deleteFrom('nodes').execute();
    await db.q.insertInto('nodes').values({ name: 'a', state: 'alone', host: 'somewhere', pid: 1, token: 1n, until_ms: BigInt(Date.now() + 60_000), clock_ms: BigInt(Date.now()), seen_barrier: 0 }).execute();
    await setSchema(118);
    try {
      const check = await run('migrate', '--check');
      expect(check).toMatch(/^server {5}process 1 on somewhere serves: stop it before the upgrade$/m);
      expect(check.match(/: lock no table with rows$/gm)).toHaveLength(1);
      expect(check).toMatch(/^step {7}\d+ to \d+.*: lock no table with rows$/m);
      expect(JSON.parse(await run('migrate', '--check', '--json'))).toMatchObject({ served_by: 'process 1 on somewhere', schema: 118 });
      await expect(run('migrate')).rejects.toThrow('stop it first to bring its schema up to date');
    } finally {
      await setSchema(SCHEMA_VERSION);
      await db.q.deleteFrom('nodes').execute();
    }
  });

  it('belongs to one database until it is told to adopt another', async () => {
    await using other = await testDatabase({ isEmpty: true });
    const elsewhere = (...args: string[]): Promise<string> => runWith({ AEROGRAM_DATABASE_URL: other.url }, ...args);
    expect(await run('adopt-database')).toMatch(/^database {3}\S+ \([0-9a-f-]{36}\)\naccounts {3}1$/);
    await expect(runWith({}, 'status')).rejects.toThrow('set AEROGRAM_DATABASE_URL');
    await expect(elsewhere('user', 'list')).rejects.toThrow('belongs to another database');
    await expect(elsewhere('new-epoch')).rejects.toThrow(/belongs to another database .*, which is empty\. .*: set AEROGRAM_DATABASE_URL to the address of its own/);
    expect(await elsewhere('adopt-database')).toMatch(/^before .*\ndatabase .*\naccounts {3}0: the server begins anew/);
    expect(await elsewhere('user', 'list')).toBe('');
    await run('adopt-database');
  });

  it('creates no database for a command that reads, and a key only if there is none', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'aerogram-cli-empty-'));
    try {
      for (const command of [['status'], ['user', 'list'], ['migrate'], ['backup', join(empty, 'to')]]) {
        await expect(runWith({ AEROGRAM_DATA_DIR: empty }, ...command)).rejects.toThrow('there is no database in');
      }
      expect(readdirSync(empty)).toEqual([]);
      expect(await runWith({ AEROGRAM_DATA_DIR: empty }, 'key', 'create')).toMatch(/^fingerprint .*BEGIN RSA PUBLIC KEY/s);
      await expect(runWith({ AEROGRAM_DATA_DIR: empty }, 'key', 'create')).rejects.toThrow('there is a key');
    } finally {
      rmSync(empty, { recursive: true });
    }
  });

  it('recreates the search rows', async () => {
    await db.transact('test', async (tx) => {
      const counter = (await tx.lockCounters([10n])).get(10n)!;
      counter.pts++;
      const message = { owner_id: 10n, msg_id: 1, global_id: 1n, peer_id: 10n, from_id: 10n, pts: counter.pts, date: NOW, flags: 1 };
      await tx.q.insertInto('messages').values({ ...message, text: 'hi', saved_peer_id: 10n, edit_date: null, reply_to_msg_id: null, extra: null }).execute();
    });
    expect(await run('search', 'rebuild')).toBe('indexed    the messages of 1 accounts');
    expect(await db.q.selectFrom('message_search').select('msg_id').execute()).toEqual([{ msg_id: 1 }]);
  });

  it('shows keys and settings of a server that has run before', async () => {
    await expect(run('key', 'show')).rejects.toThrow('no server.json');
    writeServerFile(dataDir, {
      pid: process.pid,
      dc_id: 2,
      mtproto: { host: '127.0.0.1', port: 4430 },
      http: { host: '127.0.0.1', port: 1 },
      public_keys: [{ pem: PEM, fingerprint: '-1' }],
      layer: 228,
      test_mode: true,
    });
    expect(await run('key', 'show')).toBe(`fingerprint -1 (0xffffffffffffffff)\n${PEM.trim()}`);
    expect(await run('client-config', 'telethon')).toContain('session.set_dc(2, "127.0.0.1", 4430)');
    expect(await run('client-config')).toContain('Telegram Desktop');
    await expect(run('client-config', 'icq')).rejects.toThrow('mtcute, gramjs');
    expect(await run('status')).toContain(`process ${process.pid}, does not answer`);
  });
});
