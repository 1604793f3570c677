import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reserveLog } from '../../src/embedded/wal-reserve.ts';

const MB = 2 ** 20;
const owner = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };

let pgData = '';
let log = '';
beforeEach(() => {
  pgData = mkdtempSync(path.join(tmpdir(), 'aerogram-reserve-'));
  log = path.join(pgData, 'pg_wal');
  mkdirSync(path.join(log, 'archive_status'), { recursive: true });
});
afterEach(() => rmSync(pgData, { recursive: true, force: true }));

const segments = (): string[] => readdirSync(log).filter((name) => name !== 'archive_status').sort();

test('the next segments are created after the existing ones, which are not changed', async () => {
  writeFileSync(path.join(log, '00000001000000000000000D'), 'one');
  writeFileSync(path.join(log, '00000001000000000000000E'), 'two');
  await reserveLog(pgData, owner, 20 * MB * 32);
  expect(segments()).toEqual(['D', 'E', 'F', '10', '11', '12', '13'].map((last) => `0000000100000000000000${last.padStart(2, '0')}`));
  expect(readFileSync(path.join(log, '00000001000000000000000E'), 'utf8')).toBe('two');
  const made = readFileSync(path.join(log, '000000010000000000000010'));
  expect(made.equals(Buffer.alloc(4 * MB))).toBe(true);
  expect(statSync(path.join(log, '000000010000000000000010')).mode & 0o777).toBe(0o600);
});

test.each([
  ['a disk with room gets 256 MB', 2 ** 40, 64],
  ['a small one a part of what is free', 500 * MB, 3],
  ['a full one nothing', 100 * MB, 0],
])('%s', async (_what, freeBytes, made) => {
  writeFileSync(path.join(log, '000000010000000000000001'), 'one');
  await reserveLog(pgData, owner, freeBytes);
  expect(segments()).toHaveLength(1 + made);
});

test('a directory without WAL is refused', async () => {
  await expect(reserveLog(pgData, owner)).rejects.toThrow('no segment');
});
