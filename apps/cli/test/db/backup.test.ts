import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBlobKey, cryptBlob, DirectoryStore, MasterKeyFile, MasterKeys, MasterKeyText } from '@aerogram/blob';
import { doClaimStore, findFilesOwner } from '@aerogram/domain';
import { blobsDirectory, masterKeySource } from '@aerogram/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLogger, systemClock, systemRandom } from '@aerogram/runtime';
import { openDatabase, startEmbedded } from '@aerogram/storage';
import { writable } from '@aerogram/storage/testing';
import { createProgram } from '../../src/program.ts';

let root: string;

async function run(env: Record<string, string>, ...args: string[]): Promise<string> {
  const lines: string[] = [];
  await createProgram(env, (line) => void lines.push(line)).parseAsync(args, { from: 'user' });
  return lines.join('\n');
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'aerogram-cli-backup-'));
  await using postgres = await startEmbedded({ dataDir: join(root, 'data'), log: silentLogger });
  await using db = await openDatabase({ url: postgres.url, poolSize: 2, log: silentLogger, clock: systemClock });
  await db.migrate();
  await db.transact('test', (tx) => tx.lockCounters([5n]));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('backs up a server that is not running, and restores it', async () => {
  const backup = join(root, 'backup');
  const shown = await run({ AEROGRAM_DATA_DIR: join(root, 'data') }, 'backup', backup);
  expect(shown).toMatch(/^backup {5}.*, \d{3,} files, [\d.]+ MiB, as of 20/);
  expect(shown).toContain('not archived');
  const env = { AEROGRAM_DATA_DIR: join(root, 'restored') };
  const late = new Date(Date.now() + 60_000).toISOString();
  await expect(run(env, 'restore', backup, '--to', late)).rejects.toThrow('only with the archive of the log');
  expect(await run(env, 'restore', backup)).toMatch(/^files {6}all files of users are there\nrestored .*\nepoch {6}2:/);
  await expect(run(env, 'restore', backup)).rejects.toThrow('is not empty');
  const archive = join(root, 'archive');
  const status = await run({ ...env, AEROGRAM_WAL_ARCHIVE_DIR: archive }, 'status');
  expect(status).toContain('schema');
  expect(status).toMatch(/^disk {7}[\d.]+ of [\d.]+ GiB free$/m);
  expect(status).toMatch(new RegExp(`^archive {4}${archive}/\\d+, `, 'm'));
});

it('names after a restore the master keys that are missing although files need them', async () => {
  const data = join(root, 'data');
  {
    await using postgres = await startEmbedded({ dataDir: data, log: silentLogger });
    await using db = await openDatabase({ url: postgres.url, poolSize: 2, log: silentLogger, clock: systemClock });
    const keys = await MasterKeys.open(new MasterKeyText('77'.repeat(32), 'the lost setting'), systemRandom);
    const blob = { identity: randomBytes(32), name: '00'.repeat(16), size: 1n, wrapped_key: keys.wrap(randomBytes(32)), block_hashes: randomBytes(32), sha256: null, dc_id: 2, created_date: 1, checked_date: 1 };
    await writable(db).q.insertInto('blobs').values(blob).execute();
  }
  const backup = join(root, 'backup-with-files');
  await run({ AEROGRAM_DATA_DIR: data }, 'backup', backup);
  const missing = /^keys {7}the master key [0-9a-f]{16} is missing from /m;
  expect(await run({ AEROGRAM_DATA_DIR: join(root, 'restored-1') }, 'restore', backup)).toMatch(missing);
  expect(await run({ AEROGRAM_DATA_DIR: join(root, 'restored-2'), AEROGRAM_MASTER_KEYS: '77'.repeat(32) }, 'restore', backup)).not.toMatch(missing);
});

it('a restored server gets an id of its own for the store of files, unless it replaces the lost one', async () => {
  const data = join(root, 'data');
  const ownerOf = async (dataDir: string, create = false): Promise<string | undefined> => {
    await using postgres = await startEmbedded({ dataDir, log: silentLogger });
    await using db = await openDatabase({ url: postgres.url, poolSize: 2, log: silentLogger, clock: systemClock });
    if (create) await doClaimStore({ db, store: await DirectoryStore.open(blobsDirectory(dataDir)) });
    return await findFilesOwner(db);
  };
  const owner = await ownerOf(data, true);
  expect(owner).toBeDefined();
  const backup = join(root, 'owned');
  await run({ AEROGRAM_DATA_DIR: data }, 'backup', backup);
  const [copied, replaced] = [join(root, 'copied'), join(root, 'replaced')];
  const s3 = { AEROGRAM_S3_BUCKET: 'files', AEROGRAM_S3_ENDPOINT: 'http://127.0.0.1:9' };
  expect(await run({ AEROGRAM_DATA_DIR: copied, ...s3 }, 'restore', backup)).toContain('aerogram blobs adopt');
  expect(await ownerOf(copied)).toBeUndefined();
  expect(await run({ AEROGRAM_DATA_DIR: replaced, ...s3 }, 'restore', backup, '--replace-server')).not.toContain('aerogram blobs adopt');
  expect(await ownerOf(replaced)).toBe(owner);
});

it('a moment after the rotation of the master key is restored only with the new key', async () => {
  const [dataDir, backup, restored] = [join(root, 'later'), join(root, 'later-backup'), join(root, 'later-restored')];
  const source = masterKeySource({ dataDir, masterKeys: undefined, masterKeysCommand: undefined }, systemRandom) as MasterKeyFile;
  await source.create();
  const write = async (blobs: number): Promise<void> => {
    const keys = await MasterKeys.open(source, systemRandom);
    await using postgres = await startEmbedded({ dataDir, log: silentLogger });
    await using db = await openDatabase({ url: postgres.url, poolSize: 2, log: silentLogger, clock: systemClock });
    await db.migrate();
    for (let n = 0; n < blobs; n++) {
      await writable(db).q.insertInto('blobs').values({ identity: randomBytes(32), name: randomBytes(16).toString('hex'), size: 1n, wrapped_key: keys.wrap(randomBytes(32)), block_hashes: randomBytes(32), sha256: null, dc_id: 2, created_date: 1, checked_date: 1 }).execute();
    }
  };
  await write(1);
  await run({ AEROGRAM_DATA_DIR: dataDir }, 'backup', backup);
  await source.addKey();
  await write(1);
  const moment = new Date().toISOString();
  // The log must reach beyond the moment.
  await write(1);
  const { currentId } = await MasterKeys.open(source, systemRandom);
  const wal = join(dataDir, readdirSync(dataDir).find((name) => /^postgres-\d+$/.test(name))!, 'pg_wal');
  const again = ['restore', backup, '--to', moment, '--wal', wal];
  await expect(run({ AEROGRAM_DATA_DIR: restored }, ...again)).rejects.toThrow(new RegExp(`the master key ${currentId} is missing from .*--keys`));
  expect(readdirSync(restored).filter((name) => !name.startsWith('server.lock'))).toEqual([]);
  const shown = await run({ AEROGRAM_DATA_DIR: restored }, ...again, '--keys', join(dataDir, 'keys', 'files.master'));
  expect(shown).not.toContain('keys  ');
  // Which moment was reached, and that nothing is missing up to the one that was asked for.
  expect(shown).toMatch(/^restored   .*, up to the change of \d{4}-\d\d-\d\dT[\d:.]+Z; nothing was changed between then and \d{4}-/m);
});

it('says what to use for an external database', async () => {
  const env = { AEROGRAM_DATA_DIR: join(root, 'data'), AEROGRAM_DATABASE_URL: 'postgresql://elsewhere/db' };
  await expect(run(env, 'backup', join(root, 'other'))).rejects.toThrow('pg_basebackup');
  await expect(run(env, 'restore', join(root, 'backup'))).rejects.toThrow('new-epoch');
});

it('a backup between the rotation of the master key and the job that encrypts the keys of files again can read every file', async () => {
  const [dataDir, restored, backup] = [join(root, 'rotated'), join(root, 'rotated-again'), join(root, 'rotated-backup')];
  const openKeys = async (directory: string): Promise<MasterKeys> => {
    const source = masterKeySource({ dataDir: directory, masterKeys: undefined, masterKeysCommand: undefined }, systemRandom);
    if (directory === dataDir && source instanceof MasterKeyFile) await source.create();
    return MasterKeys.open(source, systemRandom);
  };
  const contents = [randomBytes(1000), randomBytes(2000)];
  /** Stores a file as the server does, with the current master key. */
  const storeFile = async (bytes: Buffer): Promise<void> => {
    const [keys, store, key, name] = [await openKeys(dataDir), await DirectoryStore.open(blobsDirectory(dataDir)), createBlobKey(systemRandom), randomBytes(16).toString('hex')];
    await store.put(name, bytes.length, (async function* () { yield cryptBlob(key, 0, bytes); })());
    const hash = createHash('sha256').update(bytes).digest();
    await using postgres = await startEmbedded({ dataDir, log: silentLogger });
    await using db = await openDatabase({ url: postgres.url, poolSize: 2, log: silentLogger, clock: systemClock });
    await db.migrate();
    await writable(db).q.insertInto('blobs').values({ identity: hash, name, size: BigInt(bytes.length), wrapped_key: keys.wrap(key), block_hashes: hash, sha256: hash, dc_id: 2, created_date: 1, checked_date: 1 }).execute();
  };
  await storeFile(contents[0]!);
  await run({ AEROGRAM_DATA_DIR: dataDir }, 'blobs', 'rotate-key');
  await storeFile(contents[1]!);
  await run({ AEROGRAM_DATA_DIR: dataDir }, 'backup', backup);
  rmSync(dataDir, { recursive: true });

  expect(await run({ AEROGRAM_DATA_DIR: restored }, 'restore', backup)).toContain('all files of users are there');
  const [keys, store] = [await openKeys(restored), await DirectoryStore.open(blobsDirectory(restored))];
  expect(keys.ids).toHaveLength(2);
  await using postgres = await startEmbedded({ dataDir: restored, log: silentLogger });
  await using db = await openDatabase({ url: postgres.url, poolSize: 2, log: silentLogger, clock: systemClock });
  const rows = await db.q.selectFrom('blobs').select(['name', 'size', 'wrapped_key']).orderBy('size').execute();
  const read = await Promise.all(rows.map(async (row) => cryptBlob(await keys.unwrap(row.wrapped_key), 0, await store.read(row.name, 0, Number(row.size)))));
  expect(read.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(contents.map((bytes) => bytes.toString('hex')));
});
