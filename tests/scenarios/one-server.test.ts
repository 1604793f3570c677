import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createShiftedClock, startTestServer } from '@aerogram/dev-env';
import { randomLong } from '@mtcute/node/utils.js';
import { RawAccount, startServerProcess } from '@aerogram/dev-env/load';
import { startNode } from '@aerogram/node';
import { type Endpoint, loadConfig, silentLogger, systemClock } from '@aerogram/runtime';
import { DatabaseServed, openDatabase, sql, startEmbedded } from '@aerogram/storage';
import { testDatabase } from '@aerogram/storage/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startScenario } from './scenario.ts';

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'aerogram-one-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Whether a server listens there. */
function accepts({ host, port }: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** The status of `/readyz`; undefined if there is no response. */
async function readiness({ host, port }: Endpoint): Promise<number | undefined> {
  try {
    const response = await fetch(`http://${host}:${port}/readyz`);
    await response.body?.cancel();
    return response.status;
  } catch {
    return undefined;
  }
}

/** Takes over the database like another server. */
async function takeOver(url: string): Promise<void> {
  await using db = await openDatabase({ url, poolSize: 1, log: silentLogger, clock: systemClock });
  await sql`UPDATE nodes SET name = 'other', token = token + 1, host = 'elsewhere'`.execute(db.q);
}

describe('only one server serves from a database', () => {
  test('a second server with another data directory is refused while the first one runs', async () => {
    await using first = await startTestServer();
    const second = loadConfig(['--data-dir', temporaryDirectory(), '--port', '0', '--http-port', '0'], { AEROGRAM_DATABASE_URL: first.databaseUrl });
    const refused = startNode(second, { log: silentLogger });
    await expect(refused).rejects.toThrow(DatabaseServed);
    await expect(refused).rejects.toThrow(`another server uses this database: process ${process.pid}`);
    expect(await readiness(first.info.http)).toBe(200);
    expect(await accepts(first.info.mtproto)).toBe(true);
  });

  test('after kill -9 the same data directory can serve at once, another one some seconds later', async () => {
    await using database = await testDatabase();
    const env = { AEROGRAM_LOG_LEVEL: 'warn' };
    await using first = await startServerProcess({ databaseUrl: database.url, env });
    await first.kill('SIGKILL');
    await first.start();
    const row = (): Promise<{ name: string; token: bigint }> => database.q.selectFrom('nodes').select(['name', 'token']).executeTakeFirstOrThrow();
    expect((await row()).token).toBe(2n);
    const { name } = await row();
    await first.kill('SIGKILL');
    await using second = await startServerProcess({ databaseUrl: database.url, env });
    expect((await row()).name).not.toBe(name);
    expect(await readiness(second.info.http)).toBe(200);
  });

  test.each(['1', '2'])('a server that lost the database to another one stops serving (%s processes)', async (workers) => {
    await using database = await testDatabase();
    await using server = await startServerProcess({ databaseUrl: database.url, env: { AEROGRAM_LOG_LEVEL: 'warn', AEROGRAM_WORKERS: workers } });
    const { mtproto, http } = server.info;
    expect(await accepts(mtproto)).toBe(true);
    await takeOver(database.url);
    await expect.poll(() => accepts(mtproto), { timeout: 20_000 }).toBe(false);
    await expect.poll(() => readiness(http), { timeout: 20_000 }).toBeUndefined();
    await expect.poll(() => server.output, { timeout: 20_000 }).toContain('aerogram: another server has taken this database over: ');
  });
});

test('workers write nothing while their supervisor hangs and another server takes over the database', async () => {
  await using database = await testDatabase();
  const env = { AEROGRAM_LOG_LEVEL: 'error' };
  await using first = await startServerProcess({ databaseUrl: database.url, env: { ...env, AEROGRAM_WORKERS: '2' } });
  const ada = await RawAccount.signUp(first.info, { name: 'Ada', phone: '9996621234', code: '22222' });
  await ada.send(ada, 'before');
  const dataDir = temporaryDirectory();
  cpSync(join(first.dataDir, 'keys'), join(dataDir, 'keys'), { recursive: true });
  process.kill(first.info.pid, 'SIGSTOP');
  try {
    await using second = await startServerProcess({ dataDir, databaseUrl: database.url, env });
    await expect(ada.send(ada, 'too late')).rejects.toThrow('WORKER_BUSY_TOO_LONG_RETRY');
    expect(await readiness(second.info.http)).toBe(200);
    const texts = await database.q.selectFrom('messages').select('text').where('from_id', '=', ada.userId).execute();
    expect(texts).toEqual([{ text: 'before' }]);
  } finally {
    process.kill(first.info.pid, 'SIGCONT');
  }
  await expect.poll(() => first.output, { timeout: 20_000 }).toContain('aerogram: another server has taken this database over: ');
  ada.disconnect();
});

describe('/readyz', () => {
  test('reports within seconds that the database is gone, and that it is back', async () => {
    const dataDir = temporaryDirectory();
    const postgres = await startEmbedded({ dataDir, log: silentLogger });
    // On the same socket when it is restarted.
    await using server = await startServerProcess({ databaseUrl: postgres.url, env: { AEROGRAM_LOG_LEVEL: 'fatal' } });
    const { http } = server.info;
    expect(await readiness(http)).toBe(200);
    await postgres.stop();
    const stoppedMs = performance.now();
    await expect.poll(() => readiness(http), { timeout: 15_000 }).toBe(503);
    expect(performance.now() - stoppedMs).toBeLessThan(8000);
    const page = await (await fetch(`http://${http.host}:${http.port}/readyz`)).json();
    expect(page).toEqual({ status: 'not ready', progress: 'the database does not answer' });
    await using again = await startEmbedded({ dataDir, log: silentLogger });
    expect(again.url).toBe(postgres.url);
    await expect.poll(() => readiness(http), { timeout: 20_000 }).toBe(200);
  });
});

describe('a clock that jumps ahead by a year', () => {
  test('sends no scheduled message early, is reported, and stops no recurring job once it is corrected', async () => {
    const clock = createShiftedClock();
    await using scenario = await startScenario({ clock, watchesClock: true });
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    await using db = await openDatabase({ url: scenario.server.databaseUrl, poolSize: 1, log: silentLogger, clock: systemClock });
    const { host, port } = scenario.server.info.http;
    const doubted = async (): Promise<string[]> =>
      (await (await fetch(`http://${host}:${port}/metrics`)).text()).split('\n').filter((line) => /^aerogram_clock_doubted.* 1$/.test(line));
    const putOff = async (): Promise<string[]> => {
      const tooLateMs = BigInt(systemClock.nowMs() + 86_400_000);
      const rows = await db.q.selectFrom('jobs').select('kind').where('owner_id', '=', 0n).where('run_ms', '>', tooLateMs).execute();
      return rows.map((row) => row.kind);
    };
    expect(await doubted()).toEqual([]);
    await alice.send(bob, 'hello');
    await alice.main.change({
      _: 'messages.sendMessage',
      peer: alice.main.inputPeer(bob.id),
      message: 'in an hour',
      randomId: randomLong(),
      scheduleDate: clock.now() + 3600,
    });
    clock.shift(365 * 86_400_000);
    await expect.poll(doubted, { timeout: 15_000 }).toHaveLength(2);
    await expect.poll(putOff, { timeout: 30_000 }).toContain('send-when-online');
    expect(await db.q.selectFrom('scheduled_messages').select('text').execute()).toEqual([{ text: 'in an hour' }]);
    clock.shift(-365 * 86_400_000);
    await expect.poll(doubted, { timeout: 15_000 }).toEqual([]);
    await expect.poll(putOff, { timeout: 30_000 }).toEqual([]);
  });
});
