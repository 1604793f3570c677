import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readParents } from '@aerogram/dev-env';
import { bundleProgram } from '@aerogram/dev-env/bundled-program';
import { printErrors } from '@aerogram/dev-env/child-errors';
import { type Cloud, CloudError, startCloud } from '@aerogram/testing';
import { FetchBot } from './testing-cloud/fetch-bot.ts';

/** What is left of a cloud may take so long to go away after its test run was killed, in milliseconds. */
const GONE_MS = 10_000;

let cacheDir: string;
let first: Cloud;
let second: Cloud;
let program: string;
let cli: string;

beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'aerogram-'));
  [program, cli] = await Promise.all([
    bundleProgram(new URL('testing-cloud/test-run.ts', import.meta.url)),
    bundleProgram(new URL('../../packages/testing/src/cli.ts', import.meta.url)),
  ]);
  first = await startCloud({ cacheDir });
  second = await startCloud({ cacheDir });
});

afterAll(async () => {
  await Promise.all([first?.stop(), second?.stop()]);
  for (const path of [cacheDir, program, cli]) await rm(path, { recursive: true, force: true });
});

test('a person talks to a bot on bare fetch, by messages and buttons', async () => {
  const account = await first.bot({ username: 'coffee_bot' });
  await using _bot = new FetchBot(account);
  const ann = await first.person('Ann');
  await ann.send(account, '/start');
  const menu = await ann.next(account, /what would you like/i);
  expect(menu.buttons).toEqual([['Tea', 'Coffee']]);
  expect(await ann.press('coffee_bot', 'Tea')).toMatchObject({ kind: 'answered', text: 'Coming' });
  expect(await ann.edited(menu, 'One tea')).toMatchObject({ id: menu.id, text: 'One tea, please' });
  expect(account.calls.filter(({ method }) => method !== 'getUpdates').map(({ method }) => method)).toEqual(['sendMessage', 'editMessageText', 'answerCallbackQuery']);

  const error = await ann.next(account, 'Anything else?', { timeout: 200 }).catch((thrown: unknown) => thrown as CloudError);
  expect(error).toBeInstanceOf(CloudError);
  expect((error as CloudError).message).toMatch(/Ann waited 0\.2 s for .*"Anything else\?"[^]*Ann: \/start[^]*One tea, please/);
  expect((error as CloudError).stack).toMatch(/^\s+at .*testing-cloud\.test\.ts/m);
});

test('two clouds side by side do not see each other', async () => {
  const [here, there] = [await first.bot({ username: 'twin_bot' }), await second.bot({ username: 'twin_bot' })];
  const answer = await fetch(`${second.apiRoot}/bot${here.token}/getMe`);
  expect(answer.status).toBe(401);
  const [ann, bob] = [await first.person('Ann'), await second.person('Bob', { username: 'bob_there' })];
  await expect(ann.send('bob_there', 'hi')).rejects.toBeInstanceOf(CloudError);
  await ann.send(here, 'for the first cloud');
  await bob.send(there, 'for the second cloud');
  const { result } = (await (await fetch(`${second.apiRoot}/bot${there.token}/getUpdates`)).json()) as { result: { message: { text: string } }[] };
  expect(result.map(({ message }) => message.text)).toEqual(['for the second cloud']);
  // A call of a cloud returns when the calls of its bots are known.
  await Promise.all([first.clock.now(), second.clock.now()]);
  expect(here.calls).toEqual([]);
  expect(there.calls.map(({ method }) => method)).toEqual(['getUpdates']);
});

test('a later start copies the template of the first', async () => {
  const templates = await readdir(join(cacheDir, 'templates'));
  expect(templates).toHaveLength(1);
  const clouds = await readdir(join(cacheDir, 'clouds'));
  const dataDirs = [join(cacheDir, 'templates', templates[0]!), ...clouds.map((name) => join(cacheDir, 'clouds', name, 'd'))];
  const databases = await Promise.all(dataDirs.map(readSystemIdentifier));
  expect(databases).toHaveLength(3);
  expect(new Set(databases).size).toBe(1);
});

test('nothing is left 10 seconds after a test run was killed, and its data go at the next start', async () => {
  const run = printErrors(spawn(process.execPath, [program, cacheDir, 'waits'], { stdio: ['ignore', 'pipe', 'pipe'] }));
  const { pid, apiRoot, controlUrl } = await readLine<{ pid: number; apiRoot: string; controlUrl: string }>(run);
  const processes = [pid, ...(await listDescendants(pid))];
  expect(processes.length).toBeGreaterThan(3);
  expect(await accepts(apiRoot)).toBe(true);
  const folder = (await readdir(join(cacheDir, 'clouds'))).find((name) => name.startsWith(`${run.pid}-`));
  expect(folder).toBeDefined();

  run.kill('SIGKILL');
  await expect.poll(() => processes.filter(isAlive), { timeout: GONE_MS }).toEqual([]);
  expect([await accepts(apiRoot), await accepts(controlUrl)]).toEqual([false, false]);
  await using third = await startCloud({ cacheDir });
  expect(third.endReason).toBeUndefined();
  expect(await readdir(join(cacheDir, 'clouds'))).not.toContain(folder);
});

test('a cloud that was forgotten does not keep its test run alive, and ends with it', async () => {
  const run = printErrors(spawn(process.execPath, [program, cacheDir, 'forgets'], { stdio: ['ignore', 'pipe', 'pipe'] }));
  const exited = once(run, 'exit');
  const { pid } = await readLine<{ pid: number }>(run);
  expect(await exited).toEqual([0, null]);
  await expect.poll(() => isAlive(pid), { timeout: GONE_MS }).toBe(false);
});

test('serve prints where its cloud is, and ends with its input', async () => {
  const run = printErrors(spawn(process.execPath, [cli, 'serve', '--json', '--until-input-ends', '--cache-dir', cacheDir], { stdio: ['pipe', 'pipe', 'pipe'] }));
  const exited = once(run, 'exit');
  const printed = await readLine<{ apiRoot: string; fileRoot: string; controlUrl: string; secret: string; server: { pid: number; mtproto: object; public_keys: object[] } }>(run);
  expect(printed).toMatchObject({ fileRoot: `${printed.apiRoot}/file`, server: { mtproto: { host: '127.0.0.1' } } });
  const answer = await fetch(`${printed.controlUrl}/v1/people.create`, {
    method: 'POST',
    headers: { authorization: `Bearer ${printed.secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Ann' }),
  });
  expect(await answer.json()).toMatchObject({ result: { name: 'Ann' } });
  run.stdin.end();
  expect(await exited).toEqual([0, null]);
  expect(isAlive(printed.server.pid)).toBe(false);
});

/** What PostgreSQL makes up when it creates a database, and what its copies have in common. */
async function readSystemIdentifier(dataDir: string): Promise<bigint> {
  const database = (await readdir(dataDir)).find((name) => /^postgres-\d+$/.test(name));
  return (await readFile(join(dataDir, database!, 'global', 'pg_control'))).readBigUInt64LE(0);
}

/** The first line of a program's output, which is JSON. */
async function readLine<T>(run: ChildProcess): Promise<T> {
  const [line] = (await once(createInterface({ input: run.stdout! }), 'line')) as [string];
  return JSON.parse(line) as T;
}

async function listDescendants(pid: number): Promise<number[]> {
  const parents = [...(await readParents())];
  const found = [pid];
  for (const each of found) found.push(...parents.filter(([, parent]) => parent === each).map(([child]) => child));
  return found.slice(1);
}

/** Whether a process runs; one that has ended may still wait for its parent to notice. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Whether something accepts connections at the address of a URL. */
function accepts(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
