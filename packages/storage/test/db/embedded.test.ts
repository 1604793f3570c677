import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { printErrors } from '@aerogram/dev-env/child-errors';
import { silentLogger, systemClock } from '@aerogram/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, type Engine, openDatabase, startEmbedded } from '../../src/index.ts';
import { testEngine } from '../../testing/index.ts';
import { useBundledChild } from './bundled-child.ts';

const engine: Engine = testEngine();
const major = Number(process.env['AEROGRAM_TEST_ENGINE'] ?? 18);
const childFile = useBundledChild('embedded-child.ts');

let dir = '';
let children: ChildProcess[] = [];
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'aerogram-embedded-'));
});
afterEach(async () => {
  await Promise.all(children.map(stopChild));
  children = [];
  rmSync(dir, { recursive: true, force: true });
});

interface Ready {
  url: string;
  pid: number;
  startMs: number;
  readyMs: number;
}

interface ChildOptions {
  uid?: number;
  path?: string;
}

/** Starts a server process and waits until its database is ready. */
async function startChild(dataDir: string, options: ChildOptions = {}): Promise<Ready & { process: ChildProcess }> {
  const child = printErrors(spawn(process.execPath, [childFile(), dataDir, engine === 'embedded' ? '' : engine.binDir], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: '/',
    env: { ...process.env, PATH: `${options.path ?? ''}:${process.env['PATH']}` },
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  }));
  children.push(child);
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([
    once(lines, 'line') as Promise<[string]>,
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`ended with ${String(code)}`))),
  ]);
  return { ...(JSON.parse(line) as Ready), process: child };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

const open = (url: string, clock = systemClock): Promise<Database> => openDatabase({ url, poolSize: 4, log: silentLogger, clock });

const addOne = (db: Database): Promise<number> =>
  db.transact('test', async (tx) => ((await tx.lockCounters([1n])).get(1n)!.pts += 1));

const start = (dataDir: string, onProgress = (_words: string): void => {}) => startEmbedded({ dataDir, log: silentLogger, engine, onProgress });

test('starts on an empty directory, keeps what was committed, restarts quickly, and allows one server at a time', async () => {
  const dataDir = path.join(dir, 'data');
  const first = await start(dataDir);
  await expect(start(dataDir)).rejects.toThrow(`process ${process.pid}`);
  const db = await open(first.url);
  await db.migrate();
  expect(await addOne(db)).toBe(2);
  expect(readdirSync(path.join(dataDir, `postgres-${major}`, 'pg_wal')).length).toBeGreaterThan(8);
  await db[Symbol.asyncDispose]();
  await first.stop();
  await first.stop();

  await using second = await start(dataDir);
  expect(second.major).toBe(major);
  await using again = await open(second.url);
  expect(await addOne(again)).toBe(3);
  expect(statSync(path.join(dataDir, `postgres-${major}`)).mode & 0o777).toBe(0o700);
});

test('a path too long for a socket gets a private socket directory', async () => {
  const dataDir = path.join(dir, 'long'.repeat(20), 'data');
  let socketDir = '';
  {
    await using postgres = await start(dataDir);
    socketDir = postgres.socketDir;
    expect(socketDir.startsWith(dataDir)).toBe(false);
    expect(statSync(socketDir).mode & 0o777).toBe(0o700);
    await using db = await open(postgres.url);
    await db.migrate();
  }
  expect(existsSync(socketDir)).toBe(false);
});

test('a killed database is restarted, and its users continue', async () => {
  const progress: string[] = [];
  await using postgres = await start(path.join(dir, 'data'), (words) => progress.push(words));
  // Its clock stands still, because a busy machine may take longer to restart the database than callers wait.
  await using db = await open(postgres.url, { ...systemClock, monotonicMs: () => 0 });
  await db.migrate();
  await addOne(db);
  let done = 0;
  const writing = Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let i = 0; i < 25; i++) {
        await addOne(db);
        done += 1;
      }
    }),
  );
  while (done < 20) await new Promise((resolve) => setImmediate(resolve));
  const { pid } = postgres;
  process.kill(pid, 'SIGKILL');
  await writing;
  expect(postgres.pid).not.toBe(pid);
  expect(await addOne(db)).toBe(103);
  expect(progress).toEqual(['making the database', expect.stringMatching(/^the database reads its log again, from [0-9A-F]+\/[0-9A-F]+$/), 'the database writes what it recovered']);
});

test('while the database is down, callers get a typed error in time', async () => {
  const postgres = await start(path.join(dir, 'data'));
  await using db = await open(postgres.url);
  await postgres.stop();
  const startedMs = performance.now();
  const calls = [addOne(db), db.q.selectFrom('meta').selectAll().execute(), db.readRepeatable('test', async () => 1)];
  for (const outcome of await Promise.allSettled<unknown>(calls)) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'DatabaseUnavailable' } });
  }
  expect(performance.now() - startedMs).toBeLessThan(10_000);
});

test('a pid that now belongs to another program does not prevent the database from starting', async () => {
  const dataDir = path.join(dir, 'data');
  const first = await start(dataDir);
  const pidFile = path.join(dataDir, `postgres-${major}`, 'postmaster.pid');
  const record = readFileSync(pidFile, 'utf8');
  await first.stop();
  writeFileSync(pidFile, record.replace(/^\d+/, String(process.ppid)), { mode: 0o600 });
  await (await start(dataDir)).stop();
});

test('a directory of another major version is not touched', async () => {
  const dataDir = path.join(dir, 'data');
  mkdirSync(path.join(dataDir, 'postgres-99'), { recursive: true });
  writeFileSync(path.join(dataDir, 'postgres-99', 'PG_VERSION'), '99\n');
  await expect(start(dataDir)).rejects.toThrow('99');
  rmSync(path.join(dataDir, 'postgres-99'), { recursive: true });
  await (await start(dataDir)).stop();
});

test('a directory without programs is refused with a clear message', async () => {
  const missing = startEmbedded({ dataDir: dir, log: silentLogger, engine: { binDir: '/nonexistent' } });
  await expect(missing).rejects.toThrow('/nonexistent');
});

describe('as a process', () => {
  /** Kills a server and restarts it at once, twice; nothing committed is missing. */
  async function surviveKills(dataDir: string, options: ChildOptions = {}): Promise<void> {
    let expected = 1;
    for (let round = 0; round < 2; round++) {
      const server = await startChild(dataDir, options);
      await using db = await open(server.url);
      expect(await addOne(db)).toBe((expected += 1));
      server.process.kill('SIGKILL');
      await once(server.process, 'exit');
    }
    const server = await startChild(dataDir, options);
    await using db = await open(server.url);
    expect(await addOne(db)).toBe(expected + 1);
    // The database is killed too, and then its server before it can start another one.
    process.kill(server.process.pid!, 'SIGKILL');
    process.kill(server.pid, 'SIGKILL');
    await once(server.process, 'exit');
    const last = await startChild(dataDir, options);
    await using lastDb = await open(last.url);
    expect(await addOne(lastDb)).toBe(expected + 2);
    await stopChild(last.process);
  }

  test('a killed server can be restarted at once', () => surviveKills(path.join(dir, 'data')));

  describe.skipIf(process.geteuid?.() !== 0)('as root', () => {
    /** A directory of programs that always fail, found before the real ones. */
    function withoutPrograms(...names: string[]): string {
      const bin = path.join(dir, 'bin');
      mkdirSync(bin);
      for (const name of names) writeFileSync(path.join(bin, name), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
      return bin;
    }

    const ownerOf = (dataDir: string): number => statSync(path.join(dataDir, `postgres-${major}`)).uid;

    test('an ordinary user runs it directly', async () => {
      chmodSync(dir, 0o755);
      const dataDir = path.join(dir, 'data');
      mkdirSync(dataDir, { mode: 0o700 });
      chownSync(dataDir, 1000, 1000);
      await surviveKills(dataDir, { uid: 1000 });
      expect(ownerOf(dataDir)).toBe(1000);
      // Root keeps the owner of the directory.
      const server = await startChild(dataDir);
      expect(ownerOf(dataDir)).toBe(1000);
      await stopChild(server.process);
      const again = await startChild(dataDir, { uid: 1000 });
      expect(again.pid).toBeGreaterThan(0);
    });

    test('a user without a name in /etc/passwd can run it too, or is told what to do', async () => {
      chmodSync(dir, 0o755);
      const [dataDir, other] = [path.join(dir, 'data'), path.join(dir, 'other')];
      for (const made of [dataDir, other]) {
        mkdirSync(made, { mode: 0o700 });
        chownSync(made, 54_321, 54_321);
      }
      await surviveKills(dataDir, { uid: 54_321 });
      expect(ownerOf(dataDir)).toBe(54_321);
      await expect(startChild(other, { uid: 54_321, path: withoutPrograms('unshare') })).rejects.toThrow('ended with 1');
    });

    test('without user namespaces it runs as nobody, who owns the data', async () => {
      const dataDir = path.join(dir, 'data');
      chmodSync(dir, 0o755);
      await surviveKills(dataDir, { path: withoutPrograms('unshare') });
      expect(ownerOf(dataDir)).toBe(65_534);
      // When user namespaces are available again, the data still belong to nobody.
      const server = await startChild(dataDir);
      expect(server.pid).toBeGreaterThan(0);
    });

    test('nobody can use directories that it may not enter', async () => {
      const dataDir = path.join(dir, 'data');
      await surviveKills(dataDir, { path: withoutPrograms('unshare') });
    });

    test('without setpriv, a database that outlives its server is shut down by the next server', async () => {
      const dataDir = path.join(dir, 'data');
      chmodSync(dir, 0o755);
      await surviveKills(dataDir, { path: withoutPrograms('unshare', 'setpriv') });
    });
  });
});
