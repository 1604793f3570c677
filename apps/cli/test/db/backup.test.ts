import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MasterKeys, MasterKeyText } from '@aerogram/blob';
import { silentLogger, systemClock, systemRandom } from '@aerogram/runtime';
import { openDatabase, startEmbedded } from '@aerogram/storage';
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
    await db.q.insertInto('blobs').values(blob).execute();
  }
  const backup = join(root, 'backup-with-files');
  await run({ AEROGRAM_DATA_DIR: data }, 'backup', backup);
  const missing = /^keys {7}the master key [0-9a-f]{16} is missing from /m;
  expect(await run({ AEROGRAM_DATA_DIR: join(root, 'restored-1') }, 'restore', backup)).toMatch(missing);
  expect(await run({ AEROGRAM_DATA_DIR: join(root, 'restored-2'), AEROGRAM_MASTER_KEYS: '77'.repeat(32) }, 'restore', backup)).not.toMatch(missing);
});

it('says what to use for an external database', async () => {
  const env = { AEROGRAM_DATA_DIR: join(root, 'data'), AEROGRAM_DATABASE_URL: 'postgresql://elsewhere/db' };
  await expect(run(env, 'backup', join(root, 'other'))).rejects.toThrow('pg_basebackup');
  await expect(run(env, 'restore', join(root, 'backup'))).rejects.toThrow('new-epoch');
});
