import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { bundleProgram } from '@aerogram/dev-env/bundled-program';
import { printErrors } from '@aerogram/dev-env/child-errors';
import { seededRandom } from '@aerogram/runtime';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ChildTask } from './upload-child.ts';
import { KIB, MASTER_KEY, createFixture, identityOf, splitFile } from './upload-fixture.ts';

const userId = 42n;
const partSize = 128 * KIB;
const totalParts = 24;
const all = Array.from({ length: totalParts }, (_, part) => part);

let program = '';
const children: ChildProcess[] = [];
beforeAll(async () => {
  program = await bundleProgram(new URL('upload-child.ts', import.meta.url));
});
afterAll(() => rmSync(program, { force: true }));
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts a process that waits for `go` before it saves its parts. */
async function startChild(task: Partial<ChildTask> & Pick<ChildTask, 'root' | 'seed'>) {
  const whole: ChildTask = { masterKey: MASTER_KEY, fileId: '1', partSize, totalParts, parts: all, ...task };
  const child = printErrors(spawn(process.execPath, [program, JSON.stringify(whole)], { stdio: ['pipe', 'pipe', 'pipe'] }));
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('ready');
  const exit = once(child, 'exit');
  return {
    async go(): Promise<string[]> {
      child.stdin.write('go\n');
      const { value } = (await lines.next()) as { value: string | undefined };
      await exit;
      return value === undefined ? [] : (JSON.parse(value) as string[]);
    },
  };
}

const contentOf = (seed: string): Uint8Array => seededRandom(seed).bytes(partSize * totalParts);

test('three processes save all parts of one file at once, and every part is there once', async () => {
  await using fixture = await createFixture();
  const { root, uploads } = fixture;
  const processes = await Promise.all([1, 2, 3].map(() => startChild({ root, seed: 'same' })));
  const outcomes = await Promise.all(processes.map((one) => one.go()));
  for (const saved of outcomes) expect(saved).toEqual(all.map(() => 'saved'));
  const result = await uploads.finish(userId, 1n, totalParts);
  if (result.outcome !== 'finished') throw new Error(JSON.stringify(result));
  expect((await fixture.readBack(result.file)).equals(contentOf('same'))).toBe(true);
  expect(Buffer.from(result.file.identity)).toEqual(Buffer.from(identityOf(contentOf('same'))));
  // No claim and no draft is left: only the map and the data.
  expect(readdirSync(path.dirname(result.file.path))).toHaveLength(2);
});

test('two processes with different bodies never mix them: the hashes are those of the bytes', async () => {
  await using fixture = await createFixture();
  const { root, uploads } = fixture;
  for (const fileId of ['1', '2', '3']) {
    const processes = await Promise.all(['one', 'other'].map((seed) => startChild({ root, seed, fileId, parts: [0, 1, 2, 3], totalParts: 4 })));
    await Promise.all(processes.map((one) => one.go()));
    // Whatever has been lost by beginning anew is sent again.
    const parts = splitFile(contentOf('one').subarray(0, 4 * partSize), partSize);
    const save = (part: number) => uploads.savePart({ userId, fileId: BigInt(fileId), part, totalParts: 4 }, parts[part]!);
    for (let result = await uploads.finish(userId, BigInt(fileId), 4); ; result = await uploads.finish(userId, BigInt(fileId), 4)) {
      if (result.outcome === 'missing') {
        await save(result.part);
        continue;
      }
      if (result.outcome !== 'finished') throw new Error(JSON.stringify(result));
      const plain = await fixture.readBack(result.file);
      expect(Buffer.from(result.file.identity)).toEqual(Buffer.from(identityOf(plain)));
      break;
    }
  }
});

test('after kill -9 in the middle of a part, the part is sent again and the upload goes on', async () => {
  await using fixture = await createFixture();
  const { root, uploads } = fixture;
  const content = contentOf('killed');
  const parts = splitFile(content, partSize);
  const first = await startChild({ root, seed: 'killed', parts: [0, 1, 2, 3] });
  await first.go();
  const doomed = await startChild({ root, seed: 'killed', parts: [5], killAtPart: 5 });
  expect(await doomed.go()).toEqual([]);
  expect(await uploads.finish(userId, 1n, totalParts)).toEqual({ outcome: 'missing', part: 4 });

  // Two processes find the claim of the dead one.
  const others = await Promise.all([1, 2].map(() => startChild({ root, seed: 'killed', parts: [5] })));
  expect(await Promise.all(others.map((one) => one.go()))).toEqual([['saved'], ['saved']]);
  for (const part of all.slice(4)) await uploads.savePart({ userId, fileId: 1n, part, totalParts }, parts[part]!);
  const result = await uploads.finish(userId, 1n, totalParts);
  if (result.outcome !== 'finished') throw new Error(JSON.stringify(result));
  expect((await fixture.readBack(result.file)).equals(content)).toBe(true);
  expect(readdirSync(path.dirname(result.file.path))).toHaveLength(2);

  // The mark of the killed process goes with the next expiry.
  expect(readdirSync(path.join(root, 'processes'))).toHaveLength(2);
  await uploads.expire(0);
  expect(readdirSync(path.join(root, 'processes'))).toHaveLength(1);
});

test('after kill -9 in the middle of a part, another body begins the upload anew, because the key stream was used', async () => {
  await using fixture = await createFixture();
  const { root, uploads, random } = fixture;
  const parts = splitFile(contentOf('killed'), partSize);
  await uploads.savePart({ userId, fileId: 1n, part: 0, totalParts }, parts[0]!);
  await (await startChild({ root, seed: 'killed', parts: [5], killAtPart: 5 })).go();
  expect(await uploads.savePart({ userId, fileId: 1n, part: 5, totalParts }, random.bytes(partSize))).toEqual({ outcome: 'saved' });
  expect(await uploads.finish(userId, 1n, totalParts)).toEqual({ outcome: 'missing', part: 0 });
});
