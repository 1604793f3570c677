import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Part } from '../part.ts';

let folder: string;
let part: Part;
let said: string[];
const written = (): string => readFileSync(join(folder, 'log'), 'utf8');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aerogram-part-'));
  said = [];
  const script = 'trap "echo bye; exit" TERM; echo $WORD; while :; do sleep 0.05; done';
  part = new Part({ name: 'part', command: ['sh', '-c', script], env: { WORD: 'hello' }, logFile: join(folder, 'log') }, (line) => said.push(line));
  part.start();
});
afterEach(async () => {
  await part.stop();
  rmSync(folder, { recursive: true });
});

test('it is started again when it was killed, and logs go on', async () => {
  await expect.poll(written).toBe('hello\n');
  const pid = part.pid;
  part.signal('SIGKILL');
  await expect.poll(written).toBe('hello\nhello\n');
  expect(part.pid).not.toBe(pid);
  expect(said).toEqual([expect.stringMatching(/^part ended \(SIGKILL\) and is started again/)]);
});

test('it ends in order, even when it is stopped, and is not started again', async () => {
  await expect.poll(written).toBe('hello\n');
  part.signal('SIGSTOP');
  await part.stop();
  expect(written()).toBe('hello\nbye\n');
  expect([part.pid, said]).toEqual([undefined, []]);
});
