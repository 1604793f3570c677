import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperatorError, processStart } from '@aerogram/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimDirectory } from '../src/claim-directory.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aerogram-cdn-'));
});
afterEach(() => rm(directory, { recursive: true }));

test('one process serves from a directory, until it gives the directory back', async () => {
  const data = join(directory, 'new');
  const first = await claimDirectory(data);
  await expect(claimDirectory(data)).rejects.toThrow(OperatorError);
  await expect(claimDirectory(data)).rejects.toThrow(`the process ${process.pid} serves from`);
  await first[Symbol.asyncDispose]();
  expect(await readdir(data)).toEqual([]);
  await using _ = await claimDirectory(data);
});

test('of several that start at once, one serves', async () => {
  const starts = await Promise.allSettled(Array.from({ length: 5 }, () => claimDirectory(directory)));
  expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a process that was killed, lost its claim in a power failure, or has the number of another one keeps nobody out', async () => {
  const claim = join(directory, 'serving.json');
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const started = processStart(child.pid!);
  await writeFile(claim, JSON.stringify({ pid: child.pid, started }));
  await expect(claimDirectory(directory)).rejects.toThrow(`the process ${child.pid} serves from`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const left = [JSON.stringify({ pid: child.pid, started }), '', JSON.stringify({ pid: process.pid, started })];
  for (const text of left) {
    await writeFile(claim, text);
    await using _ = await claimDirectory(directory);
    expect(JSON.parse(await readFile(claim, 'utf8'))).toEqual({ pid: process.pid, started: processStart(process.pid) });
    expect(await readdir(directory)).toEqual(['serving.json']);
  }
});
