import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BackupShelf, nameOfBackup } from '../src/backup/backup-shelf.ts';
import { inGentleGroups } from '../src/backup/copy-files.ts';
import { type BackupManifest, checkProgram, readManifest } from '../src/backup/manifest.ts';
import { SCHEMA_VERSION } from '../src/migrations/index.ts';

let root: string;
let shelf: BackupShelf;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aerogram-shelf-'));
  shelf = new BackupShelf(root);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const MANIFEST: BackupManifest = { format: 1, finished_at: '', postgres_major: 18, postgres_version: '18.1', system_identifier: '7', schema_version: 1, epoch: 1, files: [] };

/** Puts a backup on the shelf that was finished on a day of January. */
function put(day: number, { system_identifier = '7', epoch = 1 } = {}): string {
  const ms = Date.UTC(2026, 0, day);
  const directory = join(root, nameOfBackup(ms));
  mkdirSync(directory);
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ ...MANIFEST, system_identifier, epoch, finished_at: new Date(ms).toISOString() }));
  return directory;
}

test('lists the finished backups of one database, the newest first', async () => {
  const [first, second] = [put(1), put(2)];
  const restored = put(6, { epoch: 2 });
  put(3, { system_identifier: '8' });
  mkdirSync(join(root, nameOfBackup(Date.UTC(2026, 0, 4))));
  mkdirSync(shelf.begin(Date.UTC(2026, 0, 5)));
  mkdirSync(join(root, 'by-hand'));
  const list = async (epoch?: number): Promise<string[]> => (await shelf.list({ systemIdentifier: '7', ...(epoch === undefined ? {} : { epoch }) })).map(({ directory }) => directory);
  expect(await list(1)).toEqual([second, first]);
  expect(await list(2)).toEqual([restored]);
  expect(await list()).toEqual([restored, second, first]);
});

test('a backup has its name only when it is finished, and what was left unfinished is removed', async () => {
  const draft = shelf.begin(Date.UTC(2026, 0, 1));
  mkdirSync(join(draft, 'base'), { recursive: true });
  expect(await shelf.finish(draft)).toBe(join(root, '2026-01-01T00-00-00.000Z'));
  for (const name of ['2026-01-02T00-00-00.000Z.unfinished', 'notes.unfinished', 'by-hand']) mkdirSync(join(root, name, 'more'), { recursive: true });
  expect(await shelf.clear()).toEqual(['2026-01-02T00-00-00.000Z.unfinished']);
  expect(readdirSync(root).sort()).toEqual(['2026-01-01T00-00-00.000Z', 'by-hand', 'notes.unfinished']);
});

test('keeps as many as it should, of this database and epoch only, and the one just made even if its date is the oldest', async () => {
  const [made, old, older, other, restored] = [put(1), put(4), put(3), put(2, { system_identifier: '8' }), put(5, { epoch: 2 })];
  const database = { systemIdentifier: '7', epoch: 1 };
  expect(await shelf.prune(database, 2, made)).toBe(1);
  expect([made, old, older, other, restored].map((directory) => existsSync(directory))).toEqual([true, true, false, true, true]);
  expect(await shelf.prune(database, 1, made)).toBe(1);
  expect(readdirSync(root)).toHaveLength(3);
});

test('an older program refuses what a newer one has backed up, unless that one has only added', async () => {
  const newer = { ...MANIFEST, schema_version: SCHEMA_VERSION + 3, program_version: '9.8.7' };
  expect(() => checkProgram(newer)).toThrow(`made by Aerogram 9.8.7, with database schema ${SCHEMA_VERSION + 3}; this program is`);
  expect(() => checkProgram({ ...newer, oldest_program: SCHEMA_VERSION + 1 })).toThrow('9.8.7');
  expect(() => checkProgram({ ...newer, oldest_program: SCHEMA_VERSION })).not.toThrow();
  expect(() => checkProgram({ ...MANIFEST, schema_version: SCHEMA_VERSION })).not.toThrow();
  await expect(readManifest(root)).rejects.toThrow('no finished backup');
});

test('a gentle copy takes a few MiB or a few files at once, and a large file alone', () => {
  const groups = (sizes: number[]): number[][] => [...inGentleGroups(sizes.map((size) => ({ size })))].map((group) => group.map(({ size }) => size));
  const MIB = 2 ** 20;
  expect(groups([])).toEqual([]);
  expect(groups([MIB, MIB, 2 * MIB, 1, 9 * MIB, 3])).toEqual([[MIB, MIB, 2 * MIB], [1], [9 * MIB], [3]]);
  expect(groups(Array.from({ length: 130 }, () => 0)).map((group) => group.length)).toEqual([64, 64, 2]);
});
