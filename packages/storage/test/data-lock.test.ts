import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { processStart } from '@aerogram/runtime';
import { DataDirectoryLocked, findDataDirectoryHolder, lockDataDirectory } from '../src/embedded/data-lock.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'aerogram-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const lockFile = (): string => path.join(dir, 'server.lock.4');

test('a held lock keeps other processes out and names its holder', async () => {
  const lock = await lockDataDirectory(dir);
  const error = await lockDataDirectory(dir).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DataDirectoryLocked);
  expect((error as Error).message).toContain(`process ${process.pid}`);
  expect(await findDataDirectoryHolder(dir)).toBe(process.pid);
  await lock[Symbol.asyncDispose]();
  expect([await findDataDirectoryHolder(dir), await findDataDirectoryHolder(path.join(dir, 'absent'))]).toEqual([undefined, undefined]);
  await using again = await lockDataDirectory(dir);
  expect(again).toBeDefined();
});

test('a killed holder loses the lock, also when its pid is reused', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  const holder = (started: string): string => JSON.stringify({ pid: child.pid, started });
  writeFileSync(lockFile(), holder(processStart(child.pid!)));
  await expect(lockDataDirectory(dir)).rejects.toThrow(DataDirectoryLocked);

  writeFileSync(lockFile(), holder('an earlier process with the same pid'));
  await (await lockDataDirectory(dir))[Symbol.asyncDispose]();

  writeFileSync(path.join(dir, 'server.lock.9'), holder(processStart(child.pid!)));
  await expect(lockDataDirectory(dir)).rejects.toThrow(DataDirectoryLocked);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await (await lockDataDirectory(dir))[Symbol.asyncDispose]();
});

test('a file that is not a valid lock is replaced', async () => {
  writeFileSync(lockFile(), 'half writ');
  await using _lock = await lockDataDirectory(dir);
  expect(JSON.parse(readFileSync(path.join(dir, 'server.lock.5'), 'utf8'))).toMatchObject({ pid: process.pid });
});

test('of many processes that find a dead holder, one wins, and no files are left over', async () => {
  writeFileSync(lockFile(), JSON.stringify({ pid: 1, started: 'long ago' }));
  for (let round = 0; round < 30; round++) {
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataDirectory(dir)));
    const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(readdirSync(dir)).toHaveLength(1);
    await winners[0]!.value[Symbol.asyncDispose]();
  }
});

test('with holders in quick succession, there are never two at a time', async () => {
  let holders = 0;
  let turns = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (turns < 60) {
        try {
          const lock = await lockDataDirectory(dir);
          expect(++holders).toBe(1);
          turns += 1;
          await new Promise((resolve) => setImmediate(resolve));
          holders -= 1;
          await lock[Symbol.asyncDispose]();
        } catch (error) {
          if (!(error instanceof DataDirectoryLocked)) throw error;
        }
      }
    }),
  );
  expect(turns).toBeGreaterThanOrEqual(60);
});
