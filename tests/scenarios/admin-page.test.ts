import { enableCloudPassword } from '@mtcute/node/methods.js';
import { adminCommands } from '@aerogram/cli/admin-commands';
import { type Actor, startTestServer, type TestServer, World } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Challenge, provePassword } from '../../apps/admin/src/prove-password.ts';
import { createProgram } from '../../apps/cli/src/program.ts';
import { ask, type PageAnswer } from './web-stage.ts';

const PASSWORD = 'correct horse battery';

/** What answers have; each has some of it. */
interface Told {
  log_in: string;
  code: string;
  error: string;
  users: object[];
  counts: { accounts: number };
  devices: { number: string }[];
}

const listOf = (json: Told): object[] => json as unknown as object[];

describe.each([1, 2])('the admin page of a server of %i processes', (workers) => {
  let server: TestServer;
  let world: World;
  let admin: Actor;
  const log: string[] = [];
  /** Workers write to the standard error of the test. */
  const logs = (event: object): void => {
    if (workers === 1) expect(log.map((line) => JSON.parse(line) as unknown)).toContainEqual(expect.objectContaining(event));
  };

  /** Runs a command of the command line. */
  async function run(...args: string[]): Promise<string> {
    const lines: string[] = [];
    await createProgram({ AEROGRAM_DATABASE_URL: server.databaseUrl, AEROGRAM_DATA_DIR: server.dataDir, AEROGRAM_TEST_MODE: '1' }, (line) => lines.push(line)).parseAsync(args, { from: 'user' });
    return lines.join('\n');
  }

  /** Asks as the page does. @param headers replace those of the page; undefined leaves one out */
  async function post(path: string, body: object, { headers = {}, method = 'POST' }: { headers?: Record<string, string | undefined>; method?: string } = {}): Promise<PageAnswer & { json: Told }> {
    const { host, port } = server.info.http;
    const all = { host: `${host}:${port}`, origin: `http://${host}:${port}`, 'content-type': 'application/json', 'x-aerogram-admin': '1', ...headers };
    const answer = await ask({ host, port }, `/admin/api/${path}`, { method, headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)), body: JSON.stringify(body) });
    return { ...answer, json: JSON.parse(answer.body) as Told };
  }

  const command = (cookie: string, name: string, args: object = {}): ReturnType<typeof post> => post('command', { command: name, args }, { headers: { cookie } });

  /** Logs in. @returns the cookie */
  async function logIn(actor: Actor, password = PASSWORD): Promise<string> {
    const { json: begun } = await post('log-in/phone', { phone: actor.phone });
    const challenge = await post('log-in/code', { log_in: begun.log_in, code: actor.code });
    expect(challenge.json).toMatchObject({ srp_id: expect.any(String) });
    const entered = await post('log-in/password', { log_in: begun.log_in, ...(await provePassword(password, challenge.json as unknown as Challenge)) });
    expect(entered.json).toEqual({ id: String(actor.id) });
    const [cookie] = entered.headers['set-cookie']!;
    expect(cookie).toMatch(/^aerogram_admin=[\w-]{43}; Path=\/admin; HttpOnly; SameSite=Strict; Max-Age=43200$/);
    return cookie!.split(';', 1)[0]!;
  }

  /** An admin, with a number of log-ins of the own. */
  async function newAdmin(name: string): Promise<Actor> {
    const actor = await world.user(name);
    await enableCloudPassword(actor.main.client, { password: PASSWORD, hint: '' });
    await run('admin', 'grant', `+${actor.phone}`);
    return actor;
  }

  beforeAll(async () => {
    server = await startTestServer({ kit: { adminCommands }, env: { AEROGRAM_WORKERS: String(workers) }, onLogLine: (line) => log.push(line)});
    world = new World(server);
    admin = await newAdmin('Ada');
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test('bans as the command line does, and the log names the admin', async () => {
    const cookie = await logIn(admin);
    const eve = await world.user('Eve <script>alert(1)</script>');
    const found = await command(cookie, 'user find', { query: 'eve <scr' });
    expect(found.json.users).toMatchObject([{ id: String(eve.id), name: 'Eve <script>alert(1)</script>', banned: false }]);
    expect((await command(cookie, 'user ban', { who: String(eve.id), endSessions: true })).json).toMatchObject({ banned: true, id: String(eve.id) });
    expect((await command(cookie, 'user find', { query: String(eve.id) })).json.users).toMatchObject([{ banned: true }]);
    const { json: entries } = await command(cookie, 'chats log');
    expect(listOf(entries)[0]).toMatchObject({ what: `ban the number of account ${eve.id}, and end its sessions`, admin: String(admin.id) });
    expect(await run('chats', 'log')).toContain(`ban the number of account ${eve.id}, and end its sessions (by account ${admin.id})`);
    logs({ event: 'admin_page', command: 'user ban', userId: admin.id });
    // Done at the command line, it is nobody's.
    await run('user', 'unban', String(eve.id));
    expect(listOf((await command(cookie, 'chats log')).json)[0]).toMatchObject({ admin: null });
  });

  test('says what is wrong as the command line does', async () => {
    const cookie = await logIn(admin);
    const { status, json } = await command(cookie, 'user ban', { who: '@nobody_has_this' });
    expect({ status, json }).toEqual({ status: 400, json: { error: 'no account "@nobody_has_this"; a phone number without an account is written with a plus, such as +15550001111' } });
    expect((await command(cookie, 'toString')).status).toBe(404);
    expect((await command(cookie, 'user show', { who: { a: 1 } })).status).toBe(400);
    for (const [name, args, words] of [
      ['user logout', { who: '777000' }, 'account 777000: it belongs to the server itself'],
      ['user logout', { who: String(admin.id), device: '1; --' }, '"device" must be an id'],
      ['user logout', { who: String(admin.id), device: '1' }, 'refused: it has no device with this number ("aerogram user show" lists them)'],
      ['user limit', { who: String(admin.id), until: 'soon' }, '"until" must be a time such as 2026-01-31T18:00:00Z'],
      ['user limit', { who: String(admin.id), until: '2001-01-01T00:00:00Z' }, 'a limit must end in the future'],
      ['user mark', { who: String(admin.id), badge: 'royal' }, '"badge" must be one of verified, scam, fake, none'],
      ['user mark', { who: String(admin.id), restrict: 'x'.repeat(513) }, '"restrict" must be a text of at most 512 characters'],
      ['notice', { text: 'x'.repeat(4097) }, '"text" must be a text of at most 4096 characters'],
    ] as const) {
      const refused = await command(cookie, name, args);
      expect([name, refused.status, refused.json.error]).toEqual([name, 400, words]);
    }
  });

  test('logs out, limits, marks and deletes as the command line does, in the name of the admin', async () => {
    const bea = await newAdmin('Bea');
    const cookie = await logIn(bea);
    const mallory = await world.user('Mallory');
    const who = String(mallory.id);
    const [device] = (await command(cookie, 'user show', { who })).json.devices;
    expect((await command(cookie, 'user limit', { who, until: '2036-01-31T18:00:00.000Z', reason: 'spam' })).json).toMatchObject({ done: true });
    expect((await command(cookie, 'user mark', { who, badge: 'fake', restrict: 'Not the real one.', reason: 'terms' })).json).toMatchObject({ done: true, outcome: 'done' });
    expect((await command(cookie, 'user show', { who })).json).toMatchObject({ limit: 'until 2036-01-31T18:00:00Z: spam', marks: ['fake', 'restricted (terms): Not the real one.'], restriction: { reason: 'terms', text: 'Not the real one.' } });
    await command(cookie, 'user limit', { who, lift: true });
    await command(cookie, 'user mark', { who, badge: 'none' });
    expect((await command(cookie, 'user show', { who })).json).toMatchObject({ limit: null, marks: [], restriction: null });
    expect((await command(cookie, 'user logout', { who, device: device!.number })).json).toMatchObject({ outcome: 'logged out on 1 device' });
    expect((await command(cookie, 'user delete', { who })).json.error).toMatch(/^this deletes account \d+ for good/);
    expect((await command(cookie, 'user delete', { who, yes: true })).json).toMatchObject({ done: true });
    expect((await command(cookie, 'user show', { who })).json).toMatchObject({ deleted: true, phone: null });
    const entries = listOf((await command(cookie, 'chats log')).json) as { what: string; admin: string | null }[];
    expect(entries.filter(({ what }) => what.includes(`account ${who}`)).map(({ what, admin: by }) => [what, by])).toEqual(
      [
        `delete account ${who}`,
        `log out the device ${device!.number} of account ${who}`,
        `mark account ${who} without a badge and without a restriction`,
        `lift the limit of account ${who}`,
        `mark account ${who} as fake and as restricted (terms): Not the real one.`,
        `limit account ${who} until 2036-01-31T18:00:00Z: spam`,
      ].map((what) => [what, String(bea.id)]),
    );
  });

  test('writes to everybody, a few times an hour', async () => {
    const carl = await newAdmin('Carl');
    const cookie = await logIn(carl);
    expect((await command(cookie, 'notice', { text: ' ' })).json.error).toBe('a notice has a text');
    const answers = [];
    for (let n = 1; n < 8; n++) answers.push(await command(cookie, 'notice', { text: `The server moves. (${n})` }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429, 429, 429]);
    expect(answers.at(-1)!.json.error).toMatch(/^Too many\. Wait (9|10) minutes\.$/);
    const notices = listOf((await command(cookie, 'notice list')).json) as { text: string; id: string }[];
    expect(notices.map(({ text }) => text)).toEqual([4, 3, 2, 1].map((n) => `The server moves. (${n})`));
    // Other changes go on.
    expect((await command(cookie, 'notice stop', { id: '0' })).json.error).toBe('notice 0 is not on its way');
    const [entry] = listOf((await command(cookie, 'chats log')).json);
    expect(entry).toMatchObject({ what: expect.stringMatching(/^send notice \d+ to everybody: The server moves\. \(4\)$/), admin: String(carl.id) });
  });

  test('shows settings without secrets, and numbers', async () => {
    const cookie = await logIn(admin);
    const { json: settings, body } = await command(cookie, 'settings');
    expect(settings).toContainEqual(expect.objectContaining({ name: 'AEROGRAM_DATABASE_URL', value: null, secret: true, set: true }));
    expect(body).not.toContain(server.databaseUrl);
    // Of all processes: the supervisor and the workers.
    expect((await post('numbers', {}, { headers: { cookie } })).json).toMatchObject({ processes: workers === 1 ? 1 : workers + 1, calls: expect.any(Number), connections: expect.any(Number), deliveries: expect.any(Number) });
    const { json: status } = await command(cookie, 'status');
    expect(status.counts.accounts).toBeGreaterThan(0);
    // The database of this test is not the server's own, so somebody else backs it up.
    expect(status).toMatchObject({ backups: null });
  });

  test('makes a link for invitations, shows it once, and takes it back', async () => {
    const cookie = await logIn(admin);
    const { json, body } = await command(cookie, 'invite create', { link: true, uses: '3', expires: '' });
    const { url, link } = json as unknown as { url: string; link: string };
    expect(url).toMatch(new RegExp(`^http://localhost:${server.info.http.port}/invite/[\\w-]{43}$`));
    expect(body).toContain('"uses": 3');
    expect((await fetch(url)).status).toBe(200);
    const listed = await command(cookie, 'invite list');
    expect(listed.json).toMatchObject({ invitations: [], links: [{ link, uses_left: 3, made_by: String(admin.id) }] });
    expect(listed.body).not.toContain(url.split('/').at(-1));
    for (const uses of ['0', '1.5', '10001', 'x', '1e9']) expect([uses, (await command(cookie, 'invite create', { link: true, uses })).status]).toEqual([uses, 400]);
    expect((await command(cookie, 'invite revoke', { link })).status).toBe(200);
    expect((await fetch(url)).status).toBe(404);
    expect(listOf((await command(cookie, 'chats log')).json)[0]).toMatchObject({ what: `revoke the invitation link ${link}`, admin: String(admin.id) });
    expect(log.some((line) => line.includes(url.split('/').at(-1)!))).toBe(false);
  });

  test('does nothing without a session, for other origins, or by GET', async () => {
    const ban = { command: 'user ban', args: { who: String(admin.id) } };
    expect((await post('command', ban)).status).toBe(401);
    const cookie = await logIn(admin);
    const { host, port } = server.info.http;
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: undefined },
      { origin: 'null' },
      { origin: `http://${host}:${port + 1}` },
      { 'x-aerogram-admin': undefined },
      { 'content-type': 'text/plain' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      expect([headers, (await post('command', ban, { headers: { cookie, ...headers } })).status]).toEqual([headers, 403]);
    }
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) expect((await ask({ host, port }, '/admin/api/command', { method, headers: { cookie, origin: `http://${host}:${port}` } })).status).toBe(405);
    expect((await command(cookie, 'user find', { query: String(admin.id) })).json.users).toMatchObject([{ banned: false }]);
  });

  test('answers a number that is no admin\'s as one with a wrong code, and sends it nothing', async () => {
    const bob = await world.user('Bob');
    await enableCloudPassword(bob.main.client, { password: PASSWORD, hint: '' });
    const strangers = { bob: bob.phone, nobody: world.freshPhone().phone, admin: admin.phone };
    const told: Record<string, unknown[]> = {};
    for (const [name, phone] of Object.entries(strangers)) {
      const begun = await post('log-in/phone', { phone });
      // The code of a test number is public, so Bob's is right.
      const tries = [];
      for (let n = 0; n < 6; n++) tries.push(await post('log-in/code', { log_in: begun.json.log_in, code: name === 'admin' ? '99999' : bob.code }));
      told[name] = [Object.keys(begun.json), begun.status, ...tries.map(({ status, body }) => ({ status, body }))];
    }
    expect(told['bob']).toEqual(told['admin']);
    expect(told['nobody']).toEqual(told['admin']);
    const sent = await server.db.q.selectFrom('login_codes').select('phone').where('phone', '=', bob.phone).where('way', '=', 'app').execute();
    expect(sent).toEqual([]);
    logs({ event: 'log_in_failed', reason: 'code', how: 'admin_page', userId: admin.id });
  });

  test('refuses an admin without a password, and says what to do', async () => {
    const carol = await world.user('Carol');
    await run('admin', 'grant', String(carol.id));
    const { json: begun } = await post('log-in/phone', { phone: carol.phone });
    const { status, json } = await post('log-in/code', { log_in: begun.log_in, code: carol.code });
    expect({ status, code: json.code }).toEqual({ status: 400, code: 'PASSWORD_EMPTY' });
    expect(json.error).toContain('Two-Step Verification');
    expect((await post('log-in/password', { log_in: begun.log_in, srp_id: '1', A: '', M1: '' })).json.code).toBe('PHONE_CODE_EXPIRED');
  });

  test('lets nobody in by a wrong password, or by a proof used again', async () => {
    const { json: begun } = await post('log-in/phone', { phone: admin.phone });
    const enter = async (): Promise<Challenge> => (await post('log-in/code', { log_in: begun.log_in, code: admin.code })).json as unknown as Challenge;
    const wrong = await post('log-in/password', { log_in: begun.log_in, ...(await provePassword('wrong', await enter())) });
    expect([wrong.json.code, wrong.headers['set-cookie']]).toEqual(['PASSWORD_HASH_INVALID', undefined]);
    const proof = await provePassword(PASSWORD, await enter());
    expect((await post('log-in/password', { log_in: begun.log_in, ...proof })).status).toBe(200);
    const again = await post('log-in/password', { log_in: begun.log_in, ...proof });
    expect([again.json.code, again.headers['set-cookie']]).toEqual(['PHONE_CODE_EXPIRED', undefined]);
  });

  test('ends sessions by log-out, by revoking, by a ban and by a new password', async () => {
    const dora = await world.user('Dora');
    await enableCloudPassword(dora.main.client, { password: PASSWORD, hint: '' });
    const grant = (): Promise<string> => run('admin', 'grant', String(dora.id));
    const isIn = async (cookie: string): Promise<boolean> => (await post('me', {}, { headers: { cookie } })).json !== null;
    // The job of the ban ends the sessions too, also that of a log-in which comes before it is done.
    const unban = async (): Promise<void> => {
      await run('user', 'unban', String(dora.id));
      await expect.poll(() => server.db.q.selectFrom('jobs').select('job_id').where('kind', '=', 'note-ban').execute()).toEqual([]);
    };
    await grant();
    for (const [end, undo] of [
      [(cookie: string) => post('log-out', {}, { headers: { cookie } }), undefined],
      [() => run('admin', 'revoke', String(dora.id)), grant],
      [() => run('user', 'ban', String(dora.id)), unban],
    ] as const) {
      const cookie = await logIn(dora);
      expect(await isIn(cookie)).toBe(true);
      await end(cookie);
      await undo?.();
      expect(await isIn(cookie)).toBe(false);
    }
    const cookie = await logIn(dora);
    await server.db.q.updateTable('passwords').set({ salt2: Buffer.alloc(16, 1) }).where('user_id', '=', BigInt(dora.id)).execute();
    expect(await isIn(cookie)).toBe(false);
    await server.db.q.deleteFrom('passwords').where('user_id', '=', BigInt(dora.id)).execute();
    expect(await isIn(cookie)).toBe(false);
  });

  test('keeps cookies and log-ins only as hashes', async () => {
    const cookie = await logIn(admin);
    const rows = await server.db.q.selectFrom('admin_sessions').selectAll().execute();
    const token = cookie.split('=')[1]!;
    expect(rows.some(({ token_hash: hash }) => Buffer.from(hash).toString('base64url') === token || Buffer.from(hash).toString() === token)).toBe(false);
    expect(log.some((line) => line.includes(token))).toBe(false);
  });
});
