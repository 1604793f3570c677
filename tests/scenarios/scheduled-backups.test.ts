import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryStore } from '@aerogram/blob';
import { createProgram } from '@aerogram/cli/program';
import { listChildren, startServerProcess } from '@aerogram/dev-env/load';
import { blobsDirectory, readLastBackup, startNode } from '@aerogram/node';
import { type Config, createLogger, loadConfig } from '@aerogram/runtime';
import { lockDataDirectory } from '@aerogram/storage';
import { afterEach, beforeEach, expect, test } from 'vitest';

let root: string;
let dataDir: string;
let shelf: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aerogram-backups-'));
  [dataDir, shelf] = [join(root, 'data'), join(root, 'shelf')];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A server in this process that makes backups, and whoever waits for what it logs of them. */
async function startServer(change: Partial<Config>, directory = dataDir): Promise<AsyncDisposable & { next(event: string, count?: number): Promise<Record<string, unknown>>; count(event: string): number }> {
  const seen: Record<string, unknown>[] = [];
  let wake = (): void => {};
  const log = createLogger({
    level: 'info',
    destination: {
      write(line) {
        seen.push(JSON.parse(line) as Record<string, unknown>);
        wake();
      },
    },
  });
  const config = { ...loadConfig(['--data-dir', directory, '--port', '0', '--http-port', '0'], { AEROGRAM_BACKUP_DIR: shelf }), ...change };
  // A checkpoint that is not spread over minutes.
  const node = await startNode(config, { log, databaseSettings: { checkpoint_completion_target: '0' } });
  return {
    async next(event, count = 1) {
      for (;;) {
        const found = seen.filter((line) => line['event'] === event);
        if (found.length >= count) return found.at(-1)!;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    count: (event) => seen.filter((line) => line['event'] === event).length,
    [Symbol.asyncDispose]: () => node.stop(),
  };
}

async function aerogram(...args: string[]): Promise<string> {
  return await aerogramIn(dataDir, ...args);
}

async function aerogramIn(directory: string, ...args: string[]): Promise<string> {
  const lines: string[] = [];
  await createProgram({ AEROGRAM_DATA_DIR: directory, AEROGRAM_BACKUP_DIR: shelf }, (line) => void lines.push(line)).parseAsync(args, { from: 'user' });
  return lines.join('\n');
}

const listShelf = (): string[] => readdirSync(shelf).filter((name) => !name.startsWith('server.lock'));

test('a server makes a backup in each interval, keeps the newest, and removes what a killed one left', async () => {
  for (const left of ['2020-01-01T00-00-00.000Z.unfinished', 'by-hand']) mkdirSync(join(shelf, left, 'base'), { recursive: true });
  const blob = 'ab'.repeat(16);
  await (await DirectoryStore.open(blobsDirectory(dataDir))).put(blob, 3, (async function* () { yield Buffer.from('abc'); })());
  {
    await using server = await startServer({ backupEveryMs: 100, backupKeep: 1 });
    expect(await server.next('backup')).toMatchObject({ cleared: ['2020-01-01T00-00-00.000Z.unfinished'], removed: 0 });
    const last = await server.next('backup', 2);
    expect(last['removed']).toBe(1);
    expect(await aerogram('status')).toMatch(new RegExp(`^backups {4}every day in ${shelf}, of which 7 are kept\nbackup {5}20.* MiB, ${shelf}/20`, 'm'));
  }
  const kept = listShelf().sort();
  expect(kept.pop()).toBe('by-hand');
  // The stop may have come between a backup and the removal of the one before.
  expect([1, 2]).toContain(kept.length);
  const { good, failure } = readLastBackup(dataDir);
  expect(good).toMatchObject({ scheduled: true, directory: join(shelf, kept.at(-1)!) });
  expect(failure).toBeUndefined();
  // A file of a user takes no more room on the same disk.
  const copied = readdirSync(good!.directory, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith(blob));
  expect(statSync(join(good!.directory, copied!)).nlink).toBe(2);
  expect(await aerogram('backup', '--verify', good!.directory)).toMatch(/^sound /m);
});

test('a server restored from a backup makes its own in the same directory, and removes none of the others', async () => {
  {
    await using server = await startServer({});
    await server.next('backup');
  }
  const kept = listShelf();
  const copy = join(root, 'copy');
  await aerogramIn(copy, 'restore', join(shelf, kept[0]!));
  {
    // It has none of its own yet, so one is due at once.
    await using server = await startServer({ backupKeep: 1 }, copy);
    expect(await server.next('backup')).toMatchObject({ removed: 0 });
  }
  expect(listShelf()).toEqual(expect.arrayContaining(kept));
  expect(readLastBackup(copy).good!.directory).toBe(join(shelf, listShelf().sort().at(-1)!));
  // Nor does the first server count or remove those of the restored one.
  const made = listShelf();
  {
    await using server = await startServer({ backupEveryMs: 1, backupKeep: 1 });
    expect(await server.next('backup')).toMatchObject({ removed: 1 });
  }
  expect(listShelf()).toEqual(expect.arrayContaining(made.filter((name) => !kept.includes(name))));
});

test('a backup that fails is told of, and the older one stays', async () => {
  mkdirSync(shelf);
  {
    await using server = await startServer({ backupEveryMs: 1, backupKeep: 1 });
    await server.next('backup');
    {
      // The process of the next backup takes longer to start.
      await using _other = await lockDataDirectory(shelf);
      const [made] = listShelf();
      expect(await server.next('backup_failed')).toMatchObject({ level: 'error', reason: `process ${process.pid} makes a backup in ${shelf}: each server needs a directory of its own` });
      expect(listShelf()).toEqual([made]);
    }
    // It is tried again.
    const made = server.count('backup');
    await server.next('backup', made + 1);
  }
  const kept = listShelf();
  {
    await using server = await startServer({ backupEveryMs: 1, backupKeep: 1, minFreeBytes: 2 ** 50, minFreePercent: 100 });
    expect(await server.next('backup_failed')).toMatchObject({ reason: expect.stringContaining(`the disk of ${shelf}/`) as unknown });
  }
  expect(listShelf()).toEqual(kept);
  const status = await aerogram('status');
  expect(status).toMatch(/^backup {5}FAILED at 20.*: the disk of .* free, and the backup needs \d+ MiB/m);
  expect(status).toMatch(/^to do {6}the backup of 20.* failed: /m);
});

test('the process of a backup has the lowest priority and ends with a killed server; the next one clears up', async () => {
  await using server = await startServerProcess({ dataDir, env: { AEROGRAM_BACKUP_DIR: shelf } });
  const findDraft = (): string | undefined => (statSync(shelf, { throwIfNoEntry: false }) === undefined ? undefined : listShelf().find((name) => name.endsWith('.unfinished')));
  await expect.poll(findDraft).toBeDefined();
  const children = await listChildren(server.info.pid);
  expect(children.map((pid) => getPriority(pid))).toContain(19);
  const draft = findDraft()!;
  await server.kill('SIGKILL');
  // What a process leaves that is killed together with the server.
  mkdirSync(join(shelf, draft, 'base'), { recursive: true });
  writeFileSync(join(shelf, draft, 'base', 'PG_VERSION'), '18');
  await server.start();
  await expect.poll(findDraft).not.toBe(draft);
  expect(listShelf()).not.toContain(draft);
});
