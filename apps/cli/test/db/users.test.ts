import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listOperatorLog } from '@aerogram/domain';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../../src/program.ts';

const NOW = Math.floor(Date.now() / 1000);

let db: TestDatabase;
let dataDir: string;

async function run(...args: string[]): Promise<string> {
  const lines: string[] = [];
  await createProgram({ AEROGRAM_DATA_DIR: dataDir, AEROGRAM_DATABASE_URL: db.url }, (line) => void lines.push(line)).parseAsync(args, { from: 'user' });
  return lines.join('\n');
}

beforeAll(async () => {
  db = await testDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'aerogram-cli-'));
  const person = { last_name: '', online_date: 0, created_date: NOW };
  await db.q.insertInto('users').values([
    { ...person, user_id: 10n, phone: '9996621234', first_name: 'Alice', last_name: 'Liddell', username: 'Alice', online_date: NOW + 200 },
    { ...person, user_id: 11n, phone: '15550005555', first_name: '100%_Bob', username: null, online_date: NOW + 100, created_date: NOW - 1 },
    { ...person, user_id: 12n, phone: '15550006666', first_name: 'Carol', username: 'carol_l', online_date: NOW - 100, created_date: NOW - 2 },
    { ...person, user_id: 13n, phone: null, first_name: 'Echo', username: 'Echo_bot', bot: true, created_date: NOW - 3 },
    { ...person, user_id: 14n, phone: null, first_name: '', username: null, deleted: true },
  ]).execute();
  await db.q.insertInto('usernames').values([{ name: 'alice', peer_id: 10n }, { name: 'echo_bot', peer_id: 13n }].map((row) => ({ ...row, confirmed: true, reserved_date: NOW }))).execute();
  await db.q.insertInto('account_security').values({ user_id: 11n, login_email: 'bob@example.org', login_email_reset_date: null, deletion_date: null, deletion_hash: null, deletion_auth_key_id: null }).execute();
  await db.q.insertInto('passwords').values({ user_id: 12n, email: 'carol@elsewhere.example', salt1: new Uint8Array(), salt2: new Uint8Array(), verifier: new Uint8Array(), hint: '', changed_date: NOW, reset_date: null, reset_auth_key_id: null, reset_declined_date: null }).execute();
  const key = { kind: 0, dc_id: 2, media: false, test: false, created_date: NOW, expires_date: null, auth_key: new Uint8Array(256), user_id: 12n, device_model: 'Pixel', system_version: '15', app_version: '11.2', layer: 228 };
  await db.q.insertInto('auth_keys').values([1n, 2n].map((auth_key_id) => ({ ...key, auth_key_id }) as never)).execute();
  const device = { user_id: 12n, hash: 1n, created_date: NOW, active_date: NOW, address: '192.0.2.1' };
  await db.q.insertInto('authorizations').values([{ ...device, auth_key_id: 1n, login_seq: 501n }, { ...device, auth_key_id: 2n, login_seq: 502n, main_auth_key_id: 1n }]).execute();
});

afterAll(async () => {
  await db[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('aerogram user', () => {
  it('shows accounts by id, phone and name', async () => {
    expect(await run('user', 'list')).toContain('10  +9996621234  Alice Liddell @Alice');
    for (const who of ['10', '+9996621234', '9996621234', '@ALICE']) expect(await run('user', 'show', who)).toContain('Liddell');
    await expect(run('user', 'show', '@bob')).rejects.toThrow('no account "@bob"');
  });

  it('shows when somebody was seen, where codes go and whether there is a password', async () => {
    expect(await run('user', 'show', '11')).toMatch(/\nonline {4}until 20\S+Z\ne-mail {4}bob@example\.org, gets the log-in codes\npassword {2}-(\n|$)/);
    expect(await run('user', 'show', '12')).toMatch(/\nseen {6}20\S+Z\ne-mail {4}-\npassword {2}of two steps\n/);
    expect(JSON.parse(await run('user', 'show', '11', '--json'))).toMatchObject({ login_email: 'bob@example.org', has_password: false });
  });

  it('says which admins cannot log in, and why', async () => {
    await run('admin', 'grant', '10');
    await run('admin', 'grant', '12');
    await run('user', 'ban', '10', '--keep-sessions');
    expect(await run('admin', 'list')).toMatch(/^10 {2}Alice Liddell {2}since \S+Z; cannot log in: banned, no two-step password\n12 {2}Carol {2}since \S+Z$/);
    expect(JSON.parse(await run('admin', 'list', '--json'))).toMatchObject([{ banned: true, has_password: false }, { banned: false, has_password: true }]);
    await run('user', 'unban', '10');
    await run('admin', 'revoke', '10');
    await run('admin', 'revoke', '12');
  });

  it('bans a number and unbans it', async () => {
    const banned = () => db.q.selectFrom('banned_phones').select('phone').execute();
    expect(await run('user', 'ban', '+1 555 000 2222')).toBe('+15550002222 (no account has it) gets no log-in codes any more');
    expect(await banned()).toEqual([{ phone: '15550002222' }]);
    await run('user', 'unban', '+15550002222');
    expect(await banned()).toEqual([]);
  });

  it('bans the number of an account given in another way, but nothing ambiguous', async () => {
    const banned = () => db.q.selectFrom('banned_phones').select('phone').execute();
    for (const who of ['10', '@alice', '9996621234']) {
      expect(await run('user', 'ban', who)).toBe('+9996621234 (account 10) gets no log-in codes any more\nthe running server, or the next one that starts, logs out its devices and stops its scheduled messages');
      expect(await banned()).toEqual([{ phone: '9996621234' }]);
      await run('user', 'unban', who);
      expect(await banned()).toEqual([]);
    }
    expect(await run('chats', 'log', '--limit', '2')).toMatch(/^\S+ {2}unban the number of account 10\n\S+ {2}ban the number of account 10, and end its sessions$/);
    await expect(run('user', 'ban', 'Bob')).rejects.toThrow('no account "Bob"');
    await expect(run('user', 'ban', '18')).rejects.toThrow('no account "18"');
    await expect(run('user', 'ban', '15550002222')).rejects.toThrow('such as +1');
    await expect(run('user', 'ban', '+18')).rejects.toThrow('"+18" is no phone number');
    await db.q.insertInto('users').values({ user_id: 9996621234n, phone: '15550003333', first_name: 'Ida', last_name: '', created_date: NOW }).execute();
    await expect(run('user', 'ban', '9996621234')).rejects.toThrow('write +9996621234 for the number');
    await expect(run('user', 'show', '9996621234')).rejects.toThrow('phone number of account 10');
    expect(await banned()).toEqual([]);
    await db.q.deleteFrom('users').where('user_id', '=', 9996621234n).execute();
  });

  it('invalidates the pending codes of a banned number', async () => {
    const code = { phone: '15550004444', auth_key_id: 1n, created_date: NOW, code: '12345', code_hash: 'd', expires_date: NOW + 100, accepted_date: null };
    await db.q.insertInto('login_codes').values(code).execute();
    await run('user', 'ban', '+15550004444');
    await expect(run('code', '+15550004444')).rejects.toThrow('no code is waiting');
    await run('user', 'unban', '+15550004444');
  });

  it('says of an account that it is banned, and since when', async () => {
    const shown = async () => JSON.parse(await run('user', 'show', '12', '--json')) as { banned: boolean; banned_date: string | null };
    expect(await shown()).toMatchObject({ banned: false, banned_date: null });
    expect(await run('user', 'show', '12')).not.toContain('banned');
    await run('user', 'ban', '12', '--keep-sessions');
    const { banned, banned_date: since } = await shown();
    expect(banned).toBe(true);
    expect(since).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}Z$/);
    expect(await run('user', 'show', '12')).toContain(`\nbanned    since ${since}: its number gets no log-in codes\n`);
    await run('user', 'unban', '12');
    expect(await shown()).toMatchObject({ banned: false });
  });


  it('searches by part of names and mail addresses, the beginning of a number, or an id', async () => {
    const found = async (text: string): Promise<string[]> => (JSON.parse(await run('user', 'search', text, '--json')) as { id: string }[]).map(({ id }) => id);
    expect(await found('lice lidd')).toEqual(['10']);
    expect(await found('@CAROL')).toEqual(['12']);
    expect(await found('echo')).toEqual(['13']);
    expect(await found('bob@example')).toEqual(['11']);
    expect(await found('ELSEWHERE')).toEqual(['12']);
    expect(await found('+1 555 000')).toEqual(['11', '12']);
    expect(await found('5550')).toEqual([]);
    expect(await found('12')).toEqual(['12']);
    // These stand for themselves.
    expect(await found('0%_')).toEqual(['11']);
    expect(await found('_')).toEqual(['11', '12', '13']);
    expect(await found("';--")).toEqual([]);
    expect(await run('user', 'search', '1555', '--limit', '1')).toMatch(/^11 {2}\+15550005555 {2}100%_Bob {2}since .*\n\(the newest 1; --limit shows more\)$/);
    expect(await run('user', 'search', 'nobody')).toBe('no account matches');
    await expect(run('user', 'search', ' ')).rejects.toThrow('1 to 100 characters');
    await expect(run('user', 'search', 'x'.repeat(101))).rejects.toThrow('1 to 100 characters');
    await expect(run('user', 'search', 'a', '--limit', '1001')).rejects.toThrow('at most 1000');
  });

  it('counts and lists who is online', async () => {
    expect(await run('user', 'online')).toMatch(/^2 online\n10 .*\n11 [^\n]*$/);
    expect(await run('user', 'online', '--limit', '1')).toMatch(/^2 online\n10 .*\n\(those who were active last; --limit shows more\)$/);
    await expect(run('user', 'online', '--limit', '1001')).rejects.toThrow('at most 1000');
  });

  it('numbers the devices of an account, and orders one or all to be logged out', async () => {
    expect(await run('user', 'show', '12')).toMatch(/\ndevice {4}501: Pixel, 15, 11\.2; layer 228, 192\.0\.2\.1, active [^\n]*$/);
    expect(await run('user', 'logout', '12', '--device', '501')).toMatch(/^log out the device 501 of account 12\nordered; /);
    expect(await run('user', 'logout', '+15550006666')).toMatch(/^log out all devices of account 12\n/);
  });

  it('orders what the server has to do, and writes no number into the log', async () => {
    await expect(run('user', 'delete', '@alice')).rejects.toThrow('this deletes account 10 for good: add --yes');
    expect(await run('user', 'delete', '@alice', '--yes')).toMatch(/^delete account 10\nordered; /);
    expect(await run('user', 'reset-password', '10')).toMatch(/^take the password off account 10\n/);
    expect(await run('user', 'change-phone', '10', '+1 555 000 7777')).toMatch(/^change the number of account 10\n/);
    const log = (await listOperatorLog(db, 5)).map(({ what }) => what);
    expect(log).toEqual(['change the number of account 10', 'take the password off account 10', 'delete account 10', 'log out all devices of account 12', 'log out the device 501 of account 12']);
  });

  it('refuses bots, accounts of the server and deleted ones, and what is no number', async () => {
    for (const command of [['logout'], ['delete', '--yes'], ['reset-password'], ['change-phone']]) {
      const more = command[0] === 'change-phone' ? ['+15550007777'] : [];
      await expect(run('user', ...command, '@echo_bot', ...more)).rejects.toThrow('account 13: it is a bot');
      await expect(run('user', ...command, '14', ...more)).rejects.toThrow('account 14: it was deleted');
      await expect(run('user', ...command, '99', ...more)).rejects.toThrow('no account "99"');
    }
    for (const phone of ['15550007777', '+12', 'x']) await expect(run('user', 'change-phone', '10', phone)).rejects.toThrow(`"${phone}" is no phone number`);
  });
});
