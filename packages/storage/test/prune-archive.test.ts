import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createFakeClock, silentLogger } from '@aerogram/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepArchiveShort } from '../src/index.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'aerogram-archive-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('an archive keeps the segments of some days, and all timeline histories', async () => {
  const clock = createFakeClock(1_800_000_000_000);
  const write = (name: string, days: number): void => {
    const file = path.join(directory, name);
    writeFileSync(file, '');
    const at = clock.nowMs() / 1000 - days * 86_400;
    utimesSync(file, at, at);
  };
  const [old, young] = ['000000010000000000000001', '000000010000000000000002'];
  write(old, 8);
  write(young, 6.5);
  write('00000002.history', 100);
  write('000000010000000000000001.00000028.backup', 100);
  write('archtemp.x', 100);
  using _kept = keepArchiveShort({ directory, days: 7, clock, log: silentLogger });
  expect(readdirSync(directory)).not.toContain(old);
  expect(readdirSync(directory)).toHaveLength(4);
  await clock.advance(86_400_000);
  expect(readdirSync(directory)).not.toContain(young);
  expect(readdirSync(directory)).toHaveLength(3);
});
