import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBlobKey, cryptBlob, DirectoryStore, MasterKeyFile, MasterKeys } from '@aerogram/blob';
import { blobsDirectory, masterKeySource } from '@aerogram/node';
import { systemRandom } from '@aerogram/runtime';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../../src/program.ts';

let db: TestDatabase;
let dataDir: string;
let store: DirectoryStore;
let keys: MasterKeys;

async function run(...args: string[]): Promise<string> {
  const lines: string[] = [];
  await createProgram({ AEROGRAM_DATA_DIR: dataDir, AEROGRAM_DATABASE_URL: db.url }, (line) => void lines.push(line)).parseAsync(['blobs', ...args], { from: 'user' });
  return lines.join('\n');
}

/** Stores a file as the server does. @returns the name of its blob */
async function storeFile(bytes: Buffer): Promise<string> {
  const name = randomBytes(16).toString('hex');
  const key = createBlobKey(systemRandom);
  const hash = createHash('sha256').update(bytes).digest();
  await store.put(name, bytes.length, (async function* () { yield cryptBlob(key, 0, bytes); })());
  await db.q.insertInto('blobs').values({ identity: randomBytes(32), name, size: BigInt(bytes.length), wrapped_key: keys.wrap(key), block_hashes: hash, sha256: hash, dc_id: 2, created_date: 1, checked_date: 1 }).execute();
  return name;
}

beforeAll(async () => {
  db = await testDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'aerogram-cli-'));
  const source = masterKeySource({ dataDir, masterKeys: undefined, masterKeysCommand: undefined }, systemRandom);
  if (source instanceof MasterKeyFile) await source.create();
  keys = await MasterKeys.open(source, systemRandom);
  store = await DirectoryStore.open(blobsDirectory(dataDir));
});
afterAll(async () => {
  await db[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('aerogram blobs', () => {
  it('counts files, and names those that are missing or damaged', async () => {
    const [sound, lost, changed] = [await storeFile(randomBytes(100)), await storeFile(randomBytes(200)), await storeFile(randomBytes(300))];
    expect(await run('check')).toBe('all files are there and have their sizes');
    expect(await run('check', '--content')).toBe('all files were read and are sound');
    expect(await run('stats')).toMatch(/^blobs {6}3, 0\.0 MiB, in the data directory\ndocuments {2}0, .*\nstrays {5}0 .*\nfaults {5}0, everything read or uploaded since 20/);
    await store.remove(lost);
    await store.remove(changed);
    await store.put(changed, 300, (async function* () { yield randomBytes(300); })());
    const printed: string[] = [];
    const program = createProgram({ AEROGRAM_DATA_DIR: dataDir, AEROGRAM_DATABASE_URL: db.url }, (line) => void printed.push(line));
    await expect(program.parseAsync(['blobs', 'check', '--content'], { from: 'user' })).rejects.toThrow('2 files are not as they should be');
    expect(printed.toSorted()).toEqual([`${lost}  missing; 0.0 MiB, in 0 messages`, `${changed}  damaged in block 0; 0.0 MiB, in 0 messages`].toSorted());
    expect(printed.join()).not.toContain(sound);
    expect(await run('stats')).toContain('faults     2');
  });

  it('names the master keys that are missing although files need them', async () => {
    const file = join(dataDir, 'keys', 'files.master');
    const kept = readFileSync(file, 'utf8');
    const check = async (env: Record<string, string> = {}): Promise<[string[], unknown]> => {
      const lines: string[] = [];
      const program = createProgram({ AEROGRAM_DATA_DIR: dataDir, AEROGRAM_DATABASE_URL: db.url, ...env }, (line) => void lines.push(line));
      const error = await program.parseAsync(['blobs', 'check'], { from: 'user' }).then(() => undefined, (reason: unknown) => reason);
      return [lines.filter((line) => line.startsWith('keys')), error];
    };
    await storeFile(randomBytes(400));
    expect((await check())[0]).toEqual([]);
    const [others, error] = await check({ AEROGRAM_MASTER_KEYS: '55'.repeat(32) });
    expect(others).toEqual([`keys       the master key ${keys.currentId} is missing from AEROGRAM_MASTER_KEYS: files that were encrypted with it cannot be read`]);
    expect(error).toMatchObject({ message: expect.stringContaining('1 master keys are missing') as string });
    rmSync(file);
    expect((await check())[0]).toEqual([expect.stringContaining(`the master key ${keys.currentId} is missing from the file ${file}`)]);
    writeFileSync(file, kept, { mode: 0o600 });
  });

  it('takes over the store of another server only when that is confirmed', async () => {
    await store.setOwner('another server', { replaces: true });
    const printed: string[] = [];
    await createProgram({ AEROGRAM_DATA_DIR: dataDir, AEROGRAM_DATABASE_URL: db.url }, (line) => void printed.push(line)).parseAsync(['blobs', 'check'], { from: 'user' }).catch(() => {});
    expect(printed.join('\n')).toMatch(/^owner {6}the directory .* belongs to another server$/m);
    await expect(run('adopt')).rejects.toThrow('say --yes if that one never runs again');
    expect(await store.findOwner()).toBe('another server');
    expect(await run('adopt', '--yes')).toMatch(/^before {5}another server\nowner {6}\S+: the directory .* belongs to this server now$/);
    expect(await store.findOwner()).not.toBe('another server');
    expect(await run('adopt')).toMatch(/^the directory .* belongs to this server$/);
  });

  it('says in status that many files are unknown, until that is confirmed', async () => {
    const status = async (): Promise<string> => {
      const lines: string[] = [];
      await createProgram({ AEROGRAM_DATA_DIR: dataDir, AEROGRAM_DATABASE_URL: db.url }, (line) => void lines.push(line)).parseAsync(['status'], { from: 'user' });
      return lines.join('\n');
    };
    expect(await status()).not.toMatch(/^files /m);
    expect(await run('confirm-strays')).toContain('nothing waits for this');
    const strays = Array.from({ length: 101 }, (_, n) => ({ name: `ffff${String(n).padStart(28, '0')}`, since_date: 1, is_doomed: false, is_ours: false }));
    await db.q.insertInto('stray_blobs').values(strays).execute();
    expect(await status()).toMatch(/^files {6}the store has 101 files that the database does not know, beside \d+ that it knows/m);
    expect(await run('stats')).toContain('STOPPED    the store has 101 files');
    await expect(run('confirm-strays')).rejects.toThrow('say --yes');
    expect(await run('confirm-strays', '--yes')).toBe('101 files will be deleted, two days after they were first seen');
    expect(await status()).not.toMatch(/^files /m);
  });

  it('makes a new master key, and keeps the old one', async () => {
    const [old] = keys.ids;
    const shown = await run('rotate-key');
    await keys.reload();
    expect(keys.ids).toEqual([keys.currentId, old]);
    expect(shown).toContain(`key        ${keys.currentId} is the current master key`);
  });
});
