import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBlobKey, cryptBlob, DirectoryStore, type MasterKeyFile, MasterKeys } from '@aerogram/blob';
import { blobsDirectory, masterKeySource, readLastBackup } from '@aerogram/node';
import { loadConfig, silentLogger, systemClock, systemRandom, VERSION } from '@aerogram/runtime';
import { openDatabase, SCHEMA_VERSION, startEmbedded } from '@aerogram/storage';
import { writable } from '@aerogram/storage/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { showState } from '../../src/commands/status.ts';
import { createProgram } from '../../src/program.ts';

let root: string;
let backup: string;
/** The directory for temporary files, which no other test uses. Its name is short, so that a socket fits in. */
let temporary: string;
const name = 'cd'.repeat(16);

async function aerogram(...args: string[]): Promise<string> {
  const lines: string[] = [];
  await createProgram({ AEROGRAM_DATA_DIR: join(root, 'data') }, (line) => void lines.push(line)).parseAsync(args, { from: 'user' });
  return lines.join('\n');
}

/** A backup of a server with one file of a user. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'aerogram-verify-test-'));
  temporary = mkdtempSync(join(tmpdir(), 'av-'));
  vi.stubEnv('TMPDIR', temporary);
  const dataDir = join(root, 'data');
  const source = masterKeySource({ dataDir, masterKeys: undefined, masterKeysCommand: undefined }, systemRandom) as MasterKeyFile;
  await source.create();
  const [keys, key, bytes] = [await MasterKeys.open(source, systemRandom), createBlobKey(systemRandom), randomBytes(1000)];
  await (await DirectoryStore.open(blobsDirectory(dataDir))).put(name, bytes.length, (async function* () { yield cryptBlob(key, 0, bytes); })());
  const hash = createHash('sha256').update(bytes).digest();
  {
    await using postgres = await startEmbedded({ dataDir, log: silentLogger });
    await using db = await openDatabase({ url: postgres.url, poolSize: 2, log: silentLogger, clock: systemClock });
    await db.migrate();
    await writable(db).q.insertInto('blobs').values({ identity: hash, name, size: BigInt(bytes.length), wrapped_key: keys.wrap(key), block_hashes: hash, sha256: hash, dc_id: 2, created_date: 1, checked_date: 1 }).execute();
  }
  backup = join(root, 'backup');
  await aerogram('backup', backup);
});
afterAll(() => {
  vi.unstubAllEnvs();
  for (const directory of [root, temporary]) rmSync(directory, { recursive: true, force: true });
});

/** A copy of the backup that a test may damage. */
function copyBackup(change: (directory: string) => void): string {
  const directory = mkdtempSync(join(root, 'changed-'));
  cpSync(backup, directory, { recursive: true });
  change(directory);
  return directory;
}

const findFile = (directory: string, wanted: string): string => join(directory, readdirSync(directory, { recursive: true, encoding: 'utf8' }).find((file) => file.endsWith(wanted))!);

test('the state that the admin page shows tells of the last backup, and of the schedule', async () => {
  const config = loadConfig(['--data-dir', join(root, 'data')], { AEROGRAM_BACKUP_DIR: join(root, 'shelf'), AEROGRAM_BACKUP_KEEP: '3' });
  const { value } = await showState({ config });
  expect(value).toMatchObject({ backups: { scheduled: { every_ms: 86_400_000, kept: 3 }, last: { directory: backup, scheduled: false }, failure: null } });
  expect((await showState({ config: { ...config, backupDir: undefined } })).value).toMatchObject({ backups: { scheduled: null, last: { directory: backup } } });
});

test('a sound backup is read to its last byte, and a database starts from it; nothing is written there or left', async () => {
  const list = (): string[] => readdirSync(backup, { recursive: true, encoding: 'utf8' }).sort();
  const before = list();
  expect(JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8'))).toMatchObject({ program_version: VERSION, schema_version: SCHEMA_VERSION });
  expect(readLastBackup(join(root, 'data')).good).toMatchObject({ directory: backup, scheduled: false });
  const shown = await aerogram('backup', '--verify', backup);
  expect(shown).toMatch(new RegExp(`^backup {5}.*, made by Aerogram ${VERSION}, database schema ${SCHEMA_VERSION}$`, 'm'));
  expect(shown).toMatch(/^files {6}\d{3,} of database and keys, [\d.]+ MiB, have the sizes and hashes of the manifest$/m);
  expect(shown).toMatch(/^database {3}starts, holds 0 accounts, 0 groups and channels, 0 messages /m);
  expect(shown).toMatch(/^files {6}1 of users, 0.0 MiB; those in use are sound$/m);
  expect(shown).toMatch(/^sound /m);
  expect(list()).toEqual(before);
  expect(readdirSync(temporary)).toEqual([]);
});

test.each<[string, (directory: string) => void, RegExp]>([
  ['one byte more', (directory) => appendFileSync(join(directory, 'base', 'PG_VERSION'), '\n'), /PG_VERSION is not what was written/],
  ['another byte', (directory) => writeFileSync(join(directory, 'base', 'PG_VERSION'), '17\n'), /PG_VERSION is not what was written/],
  ['a lost file', (directory) => rmSync(join(directory, 'keys', 'files.master')), /files.master is missing/],
  ['a lost file of a user', (directory) => rmSync(findFile(directory, name)), /is not sound: 1 fault$/],
  ['a damaged file of a user', (directory) => writeFileSync(findFile(directory, name), Buffer.alloc(1000)), /is not sound: 1 fault$/],
  ['no manifest', (directory) => rmSync(join(directory, 'manifest.json')), /holds no finished backup/],
])('finds %s', async (_what, change, words) => {
  await expect(aerogram('backup', '--verify', copyBackup(change))).rejects.toThrow(words);
});

test('a backup without any keys, and without files that need one, is not sound', async () => {
  const dataDir = join(root, 'keyless');
  {
    await using postgres = await startEmbedded({ dataDir, log: silentLogger });
    await using db = await openDatabase({ url: postgres.url, poolSize: 1, log: silentLogger, clock: systemClock });
    await db.migrate();
  }
  const keyless = join(root, 'keyless-backup');
  await aerogram('--data-dir', dataDir, 'backup', keyless);
  const lines: string[] = [];
  const verified = createProgram({}, (line) => void lines.push(line)).parseAsync(['backup', '--verify', keyless], { from: 'user' });
  await expect(verified).rejects.toThrow('the backup is not sound: 1 fault');
  expect(lines.join('\n')).toMatch(/^keys {7}the backup has none: a server restored from it makes new ones, which no client knows$/m);
});

test('nothing stays of one that a signal ends, and the next one removes what a killed one has left', async () => {
  const start = () => spawn(process.execPath, ['dist/aerogram.js', '--data-dir', join(root, 'data'), 'backup', '--verify', backup], { stdio: 'ignore' });
  /** Begins to verify, and sends a signal when the database runs. @returns the pid of the database */
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number> => {
    const child = start();
    const exited = once(child, 'exit');
    const findPid = (): number | undefined => {
      const file = readdirSync(temporary).map((directory) => join(temporary, directory, 'data', 'postgres-18.restoring', 'postmaster.pid')).find((one) => existsSync(one));
      return file === undefined ? undefined : Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
    };
    const pid = await vi.waitUntil(findPid, { timeout: 60_000, interval: 5 });
    child.kill(signal);
    expect(await exited).toEqual([null, signal]);
    return pid;
  };
  // A process that has ended is listed until the system has taken note of it.
  const ends = async (pid: number): Promise<void> => {
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 10_000 }).toBe(false);
  };
  await ends(await end('SIGTERM'));
  expect(readdirSync(temporary)).toEqual([]);
  const left = await end('SIGKILL');
  expect(readdirSync(temporary)).toHaveLength(1);
  expect(await once(start(), 'exit')).toEqual([0, null]);
  await ends(left);
  expect(readdirSync(temporary)).toEqual([]);
});

test('a backup of a newer program is refused in a plain sentence', async () => {
  const newer = copyBackup((directory) => {
    const file = join(directory, 'manifest.json');
    const manifest = { ...(JSON.parse(readFileSync(file, 'utf8')) as object), program_version: '9.0.0', schema_version: 900, oldest_program: 890 };
    writeFileSync(file, JSON.stringify(manifest));
  });
  const words = `the backup was made by Aerogram 9.0.0, with database schema 900; this program is ${VERSION} and knows schemas up to ${SCHEMA_VERSION}`;
  await expect(aerogram('backup', '--verify', newer)).rejects.toThrow(words);
  await expect(aerogram('--data-dir', join(root, 'restored'), 'restore', newer)).rejects.toThrow(words);
  expect(existsSync(join(root, 'restored'))).toBe(false);
});
