import { execFile } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { checkRules, World } from '@aerogram/dev-env';
import { startServerProcess, type ServerProcess } from '@aerogram/dev-env/load';
import { documentOf, download, hashOf, locationOf, makeFile, sendFile } from './file-stage.ts';

const root = mkdtempSync(join(tmpdir(), 'aerogram-restore-'));
const dataDir = join(root, 'data');
let server: ServerProcess | undefined;
let world: World | undefined;
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const program = fileURLToPath(new URL('../../dist/aerogram.js', import.meta.url));

/** Runs the command line with the server's data directory. */
async function aerogram(...args: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [program, '--data-dir', dataDir, ...args])).stdout;
}

test('clients from before a restore catch up by a difference and continue', async () => {
  server = await startServerProcess({ dataDir });
  world = new World(server);
  const [alice, bob] = [await world.user('Alice'), await world.user('Bob')];
  await alice.send(bob, 'kept');
  await bob.sees('kept');
  const file = makeFile(700_000);
  await sendFile(alice, bob, file, 'kept file');
  const sent = await bob.sees('kept file');
  expect(await aerogram('backup', join(root, 'backup'))).toMatch(/^backup .*\nfiles {6}1 of users/);
  // The second one takes the files of users from the first one.
  expect(await aerogram('backup', join(root, 'second'), '--previous', join(root, 'backup'))).toMatch(/\nfiles {6}1 of users/);
  for (let n = 0; n < 5; n++) await alice.send(bob, `lost ${n}`);
  const lost = await bob.sees('lost 4');
  await alice.main.goOffline();
  await bob.main.goOffline();
  const before = bob.main.state.pts;

  // The disk is lost; only the backup is left.
  await server.kill('SIGKILL');
  await server.killDatabase();
  renameSync(dataDir, join(root, 'lost'));
  const restored = await aerogram('restore', join(root, 'backup'));
  expect(restored).toContain('epoch      2');
  expect(restored).toContain('all files of users are there');
  await server.start();

  for (const { main } of [alice, bob]) {
    await main.goOnline();
    await main.catchUp();
  }
  expect(bob.main.state.pts).toBeGreaterThan(1_000_000);
  expect(bob.main.state.pts).toBeGreaterThan(before);
  // Clients are still logged in; new messages reach everybody with ids that were never used before.
  await alice.send(bob, 'after');
  const after = await bob.sees('after');
  expect(after.id).toBeGreaterThan(lost.id + 900_000);
  for (const actor of [alice, bob]) {
    checkRules(actor.main);
    const other = actor === alice ? bob : alice;
    expect((await actor.main.loadHistory(other.id)).map((message) => message.text)).toEqual(['after', 'kept file', 'kept']);
  }
  expect(hashOf(await download(bob.main, await documentOf(bob.main, sent.id)))).toBe(hashOf(file.bytes));
  // Bob still has what the server lost, which does no harm.
  expect(bob.main.find('lost 4')).toBeDefined();
});

test('of files that are sent during a backup, each is restored or named as missing', async () => {
  const dir = join(root, 'busy');
  await using busy = await startServerProcess({ dataDir: dir });
  await using people = new World(busy);
  const [carol, dave] = [await people.user('Carol'), await people.user('Dave')];
  const run = async (...args: string[]): Promise<string> => (await promisify(execFile)(process.execPath, [program, '--data-dir', dir, ...args])).stdout;
  const files = new Map<string, string>();
  const doomed = makeFile(50_000);
  files.set('doomed', hashOf(doomed.bytes));
  await sendFile(carol, dave, doomed, 'doomed');
  const blobOf = async (store: string): Promise<string> => (await readdir(store, { recursive: true, withFileTypes: true })).find((entry) => entry.isFile() && entry.name !== 'owner')!.name;
  const lost = await blobOf(join(dir, 'blobs'));
  let isDone = false;
  const sending = (async () => {
    for (let n = 0; n < 5 || !isDone; n++) {
      const file = makeFile(50_000 + n);
      files.set(`file ${n}`, hashOf(file.bytes));
      await sendFile(carol, dave, file, `file ${n}`);
    }
  })();
  await dave.sees('file 1');
  await run('backup', join(root, 'busy-backup'));
  isDone = true;
  await sending;
  await run('blobs', 'check', '--content');
  for (const actor of [carol, dave]) await actor.main.goOffline();
  await busy.kill('SIGKILL');
  await busy.killDatabase();
  renameSync(dir, join(root, 'busy-lost'));
  // The backup is damaged.
  rmSync(join(root, 'busy-backup', 'blobs', lost.slice(0, 2), lost.slice(2, 4), lost));
  const restored = await run('restore', join(root, 'busy-backup'));
  const named = [...restored.matchAll(/^(\w+) {2}missing; .*, in 2 messages$/gm)].map(([, name]) => name);
  expect(named).toContain(lost);
  await busy.start();
  await dave.main.goOnline();
  const messages = (await dave.main.loadHistory(carol.id)).filter((message) => files.has(message.text));
  expect(messages.length).toBeGreaterThanOrEqual(3);
  const missing: string[] = [];
  for (const message of messages) {
    const document = await documentOf(dave.main, message.id);
    const isThere = await dave.main.call({ _: 'upload.getFile', location: locationOf(document), offset: 0, limit: 4096 }).then(() => true, () => false);
    if (isThere) expect(hashOf(await download(dave.main, document))).toBe(files.get(message.text));
    else missing.push(message.text);
  }
  expect(missing).toContain('doomed');
  expect(missing).toHaveLength(named.length);
  expect(restored).toContain(`${named.length} files of users are missing`);
});
