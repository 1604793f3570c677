import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { readServerFile } from '@aerogram/runtime';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';

const START_MS = 40_000;

let database: TestDatabase;
let dataDir: string;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'aerogram-operator-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

interface Run {
  child: ChildProcess;
  /** Its output on stdout and stderr. */
  output(): string;
  /** @returns its exit code */
  ended: Promise<number | null>;
}

/** Runs a command in the repository, with the database and data directory of the test. */
function run(program: string, ...args: string[]): Run {
  let text = '';
  const env = { ...process.env, AEROGRAM_DATABASE_URL: database.url, AEROGRAM_DATA_DIR: dataDir, AEROGRAM_PORT: '0', AEROGRAM_HTTP_PORT: '0', AEROGRAM_LOG_LEVEL: 'error' };
  const child = spawn(program, args, { cwd: findRepositoryRoot(), stdio: ['ignore', 'pipe', 'pipe'], env });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (text += chunk.toString()));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, output: () => text, ended: once(child, 'close').then(([code]) => code as number | null) };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('npm start', () => {
  /** @returns the pid of the serving process */
  async function start(): Promise<Run & { serving: number }> {
    const npm = run('npm', 'start', '--silent');
    await expect.poll(() => readServerFile(dataDir)?.pid ?? npm.child.exitCode, { timeout: START_MS }).toBeTypeOf('number');
    const serving = readServerFile(dataDir)?.pid;
    if (serving === undefined) throw new Error(npm.output());
    onTestFinished(() => void (isAlive(serving) && process.kill(serving, 'SIGKILL')));
    return { ...npm, serving };
  }

  test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('shuts the server down in order when npm gets %s', async (signal) => {
    const npm = await start();
    npm.child.kill(signal);
    await expect.poll(() => isAlive(npm.serving), { timeout: 15_000 }).toBe(false);
    // Only an orderly shutdown deletes it.
    expect(readServerFile(dataDir)).toBeUndefined();
    await npm.ended;
  });
});

describe('the server', () => {
  test.each(['AEROGRAM_PORT', 'AEROGRAM_HTTP_PORT'])('says in one plain line that the port of %s is in use', async (name) => {
    const occupied = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void occupied.close());
    await once(occupied, 'listening');
    const { port } = occupied.address() as AddressInfo;
    const server = run('env', `${name}=${port}`, process.execPath, 'dist/server.js');
    expect(await server.ended).toBe(1);
    expect(server.output()).toMatch(new RegExp(`^aerogram: port ${port} of 127.0.0.1 is in use by another program: .*${name}.*\n$`));
  });

  test('continues when its output is no longer read', async () => {
    const server = run(process.execPath, 'dist/server.js');
    server.child.stdout!.destroy();
    await expect.poll(() => readServerFile(dataDir)?.pid, { timeout: START_MS }).toBe(server.child.pid);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  });
});

describe('a data directory', () => {
  test('is not started with an empty embedded database if its database is external', async () => {
    const first = run(process.execPath, 'dist/server.js');
    await expect.poll(() => readServerFile(dataDir)?.pid, { timeout: START_MS }).toBe(first.child.pid);
    const { port } = readServerFile(dataDir)!.http;
    const second = run('env', `AEROGRAM_HTTP_PORT=${port}`, process.execPath, 'dist/server.js');
    expect([await second.ended, second.output()]).toEqual([1, expect.stringContaining(`is in use by process ${first.child.pid}`)]);
    first.child.kill('SIGTERM');
    await first.ended;
    for (const program of [['dist/server.js'], ['dist/aerogram.js', 'status']]) {
      const without = run('env', '-u', 'AEROGRAM_DATABASE_URL', process.execPath, ...program);
      expect(await without.ended).toBe(1);
      expect(without.output()).toMatch(/^(server .*\ndisk .*\nphotos .*\nmedia .*\nffmpeg .*\n)?aerogram: the data directory \S+ belongs to the database at .*: set AEROGRAM_DATABASE_URL.*\n$/);
    }
    expect(readdirSync(dataDir).filter((name) => name.startsWith('postgres'))).toEqual([]);
  });

  test('with a key that cannot be read is not served, which is said in one sentence', async () => {
    mkdirSync(join(dataDir, 'keys'));
    symlinkSync('server.pem', join(dataDir, 'keys', 'server.pem'));
    const server = run(process.execPath, 'dist/server.js');
    expect([await server.ended, server.output()]).toEqual([1, expect.stringMatching(/^aerogram: \S+server\.pem cannot be used: .*\n$/)]);
  });

  test('that has lost its keys is not served with new ones', async () => {
    await database.migrate();
    await database.q.insertInto('users').values({ user_id: 5n, phone: '9996621234', first_name: 'Ada', last_name: '', created_date: 1 }).execute();
    const server = run(process.execPath, 'dist/server.js');
    expect([await server.ended, server.output()]).toEqual([1, expect.stringMatching(/^aerogram: there is no key in .*\n$/)]);
    await database.q.deleteFrom('users').where('user_id', '=', 5n).execute();
  });
});

describe('aerogram', () => {
  test('builds only itself: a running server starts its workers from the other bundles', async () => {
    const dist = join(findRepositoryRoot(), 'dist');
    const stamps = ['server', 'aerogram'].map((name) => join(dist, `.${name}.sources`));
    const before = stamps.map((stamp) => readFileSync(stamp, 'utf8'));
    const builtMs = (name: string): number => statSync(join(dist, `${name}.js`)).mtimeMs;
    const [server, aerogram] = [builtMs('server'), builtMs('aerogram')];
    for (const stamp of stamps) writeFileSync(stamp, 'of other sources');
    onTestFinished(() => stamps.forEach((stamp, index) => writeFileSync(stamp, before[index]!)));
    const command = run(process.execPath, 'tools/aerogram.mjs', '--help');
    expect([await command.ended, command.output()]).toEqual([0, expect.stringContaining('Usage: aerogram')]);
    expect(builtMs('server')).toBe(server);
    expect(builtMs('aerogram')).toBeGreaterThan(aerogram);
  });

  test('exits silently when its output is closed', async () => {
    await database.migrate();
    const command = run(process.execPath, 'dist/aerogram.js', 'status');
    command.child.stdout!.destroy();
    expect([await command.ended, command.output()]).toEqual([0, '']);
  });
});
