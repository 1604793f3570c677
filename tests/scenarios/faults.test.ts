import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createShiftedClock, startTestServer, verifyUpdates, World } from '@aerogram/dev-env';
import { findRepositoryRoot, RawAccount, startServerProcess } from '@aerogram/dev-env/load';
import { testDatabase } from '@aerogram/storage/testing';
import { describe, expect, test } from 'vitest';
import { runCrashes } from '../crash/crash-run.ts';

const SEED = 20_261_120;
/** The scenario suite runs once for each engine. */
const engine = process.env['AEROGRAM_TEST_ENGINE'] === '15' ? '15' : 'embedded';

describe('faults under load: acknowledged sends exist once, others can be repeated', () => {
  test(`the database is killed, the event loop stands still, SIGTERM (${engine}, seed ${SEED})`, async () => {
    const report = await runCrashes({ engine, kills: 3, seed: SEED, accounts: 5, blows: ['database', 'stall', 'term'], log: (line) => console.log(line) });
    expect(report.kills).toBe(3);
    expect(report.acknowledged).toBe(report.sent);
  });

  test(`two workers, one of them killed, then all (${engine}, seed ${SEED})`, async () => {
    const report = await runCrashes({ engine, kills: 2, seed: SEED, accounts: 5, workers: 2, blows: ['worker', 'kill'], log: (line) => console.log(line) });
    expect(report.acknowledged).toBe(report.sent);
  });
});

describe('a clock that jumps', () => {
  test('an hour ahead, back, and an hour behind: clients follow, messages keep their order', async () => {
    const clock = createShiftedClock();
    await using server = await startTestServer({ clock });
    await using world = new World(server);
    const [alice, bob] = [await world.user('Alice'), await world.user('Bob')];
    await alice.meet(bob);
    await bob.meet(alice);
    for (const [index, hours] of [1, -1, -1, 1].entries()) {
      clock.shift(hours * 3_600_000);
      await verifyUpdates([alice, bob], async () => {
        await alice.send(bob, `there ${index}`);
        await bob.sees(`there ${index}`);
        await bob.send(alice, `back ${index}`);
        await alice.sees(`back ${index}`);
      });
    }
  });
});

describe('a slow database', () => {
  test('commits that take a second delay only writers, and memory stays bounded', async () => {
    await using server = await startTestServer();
    const people: RawAccount[] = [];
    for (let n = 0; n < 3; n++) people.push(await RawAccount.signUp(server.info, { name: `Person ${n}`, phone: `99966${n}000${n}`, code: String(n).repeat(5) }));
    const [alice, bob, carol] = people as [RawAccount, RawAccount, RawAccount];
    await alice.meet(bob);
    const client = new pg.Client({ connectionString: server.databaseUrl });
    await client.connect();
    await client.query(`CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1); RETURN NULL; END'`);
    await client.query('CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON send_keys DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.random_id % 100 = 1) EXECUTE FUNCTION slow()');
    try {
      const before = process.memoryUsage().rss;
      const sends = Array.from({ length: 200 }, (_, n) => alice.send(bob, `slow ${n}`, BigInt(n * 10 + 1)));
      const waits: number[] = [];
      let isOver = false;
      const sending = Promise.all(sends).finally(() => {
        isOver = true;
      });
      while (!isOver) {
        const started = performance.now();
        await carol.call<'updates.getState'>({ _: 'updates.getState' });
        await carol.call<'users.getUsers'>({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] });
        waits.push(performance.now() - started);
        // Slower than the limit of calls repeated with the same bytes.
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const sent = await sending;
      expect(new Set(sent.map(({ id }) => id)).size).toBe(200);
      waits.sort((a, b) => a - b);
      expect(waits.length).toBeGreaterThan(10);
      expect(waits[Math.floor(waits.length * 0.9)]).toBeLessThan(700);
      expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
    } finally {
      await client.query('DROP FUNCTION slow CASCADE');
      await client.end();
      for (const person of people) person.disconnect();
    }
  });
});

/** A proxy to a server that can fall silent: both ends stay open, but nothing passes. */
async function openWay(port: number): Promise<{ server: Server; port: number; silence(): void; ended: Promise<void> }> {
  const ends: Socket[] = [];
  let end: (() => void) | undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    ends.push(client, upstream);
    client.pipe(upstream);
    upstream.pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
    upstream.on('close', () => end?.());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    server,
    port: (server.address() as AddressInfo).port,
    silence() {
      for (const socket of ends) socket.unpipe();
      for (const socket of ends) socket.resume();
    },
    ended,
  };
}

describe('a half-open connection', () => {
  test('is closed after a timeout; the client misses nothing', async () => {
    await using server = await startTestServer({ env: { AEROGRAM_IDLE_TIMEOUT_MS: '1500' } });
    const alice = await RawAccount.signUp(server.info, { name: 'Alice', phone: '9996610001', code: '11111' });
    const way = await openWay(server.info.mtproto.port);
    const bob = await RawAccount.signUp({ ...server.info, mtproto: { host: '127.0.0.1', port: way.port } }, { name: 'Bob', phone: '9996620002', code: '22222' });
    await alice.meet(bob);
    const { pts, date } = await bob.call<'updates.getState'>({ _: 'updates.getState' });
    way.silence();
    const sent = Array.from({ length: 5 }, (_, n) => `while away ${n}`);
    for (const text of sent) await alice.send(bob, text);
    await way.ended;
    await bob.connect(server.info);
    const difference = await bob.call<'updates.getDifference'>({ _: 'updates.getDifference', pts, date, qts: 0 });
    expect(difference._ === 'updates.difference' && difference.new_messages.map((message) => message._ === 'message' && message.message)).toEqual(sent);
    for (const account of [alice, bob]) account.disconnect();
    way.server.close();
  });
});

/** Starts a server that is expected to fail. @returns its exit code and output */
async function startInVain(dataDir: string, options: { env?: Record<string, string>; uid?: number } = {}): Promise<{ code: number | null; output: string }> {
  const { env = {}, uid } = options;
  const child = spawn(process.execPath, [join(findRepositoryRoot(), 'dist', 'server.js'), '--data-dir', dataDir, '--port', '0', '--http-port', '0', '--log-level', 'silent'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

describe('a server that cannot start says why', () => {
  test('another server runs on the data directory', async () => {
    await using server = await startServerProcess();
    const { code, output } = await startInVain(server.dataDir);
    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(`aerogram: .*${server.info.pid}`));
    const { host, port } = server.info.http;
    expect((await fetch(`http://${host}:${port}/readyz`)).status).toBe(200);
  });

  test('a key file is corrupt', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'aerogram-corrupt-'));
    await using database = await testDatabase({ isEmpty: true });
    try {
      await mkdir(join(dataDir, 'keys'), { mode: 0o700 });
      const file = join(dataDir, 'keys', 'server.pem');
      await writeFile(file, '-----BEGIN RSA PRIVATE KEY-----\nnot a key\n-----END RSA PRIVATE KEY-----\n');
      await chmod(file, 0o600);
      const { code, output } = await startInVain(dataDir, { env: { AEROGRAM_DATABASE_URL: database.url } });
      expect(code).toBe(1);
      expect(output).toContain('server.pem');
      expect(output).not.toContain('not a key');
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
