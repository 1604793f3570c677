import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createFakeClock, type FakeClock, silentLogger } from '@aerogram/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { type CopiedFile, LocalFiles, type LocalFilesDeps } from '../src/files/local-files.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

let folder: string;
let root: string;
let clock: FakeClock;
let bots: Set<bigint>;
let tellChange: (botId: bigint) => void;
let opened: LocalFiles[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'aerogram-local-'));
  root = path.join(folder, 'bot-files');
  clock = createFakeClock();
  bots = new Set([7n, 8n]);
  opened = [];
});
afterEach(async () => {
  for (const files of opened) await files[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function openFiles(changed: Partial<LocalFilesDeps> = {}): Promise<LocalFiles> {
  const onBotChange: LocalFilesDeps['onBotChange'] = (listener) => {
    tellChange = listener;
    return { [Symbol.dispose]: () => undefined };
  };
  const files = await LocalFiles.open({
    root, bytesMax: 1e9, owns: () => true, isBot: (botId) => Promise.resolve(bots.has(botId)), onBotChange, refusal: () => undefined, clock, log: silentLogger, ...changed,
  });
  opened.push(files);
  return files;
}

/** A file whose bytes are all the same, and how often it was read from its beginning. */
function fileOf(size: number, byte = 1): CopiedFile & { reads: number } {
  return {
    size,
    reads: 0,
    read(offset, limit) {
      if (offset === 0) this.reads += 1;
      return Promise.resolve(new Uint8Array(Math.max(0, Math.min(limit, size - offset))).fill(byte));
    },
  };
}

/** The files below the root, with paths that begin there. */
const listed = (): string[] =>
  existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(path.join(root, name)).isFile()).toSorted() : [];

/** A file whose bytes come when the test says so. */
function slowFile(size: number): CopiedFile & { go: () => void; begun: Promise<void> } {
  let [begin, go] = [(): void => undefined, (): void => undefined];
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const going = new Promise<void>((resolve) => (go = resolve));
  return {
    size,
    begun,
    go,
    async read(offset, limit) {
      begin();
      await going;
      return new Uint8Array(Math.min(limit, size - offset));
    },
  };
}

test('a copy has the bytes of the file, and only the user of the server may read it', async () => {
  const files = await openFiles();
  const size = 1_300_000;
  const target = await files.copy(7n, 'documents/abcdefgh.txt', fileOf(size, 5));
  expect(target).toBe(path.join(root, '7', 'documents', 'abcdefgh.txt'));
  expect(Buffer.compare(readFileSync(target!), Buffer.alloc(size, 5))).toBe(0);
  expect(statSync(target!).mode & 0o777).toBe(0o600);
  for (const parent of [root, path.join(root, '7'), path.join(root, '7', 'documents')]) expect(statSync(parent).mode & 0o777).toBe(0o700);
  expect(await files.copy(7n, 'documents/emptyfile', fileOf(0))).toBe(path.join(root, '7', 'documents', 'emptyfile'));
});

test('a copy that is there is not written again, also when it is asked for twice at once; one that the bot has deleted or cut is', async () => {
  const files = await openFiles();
  const file = fileOf(1000);
  const copy = (): Promise<string | undefined> => files.copy(7n, 'documents/abcdefgh', file);
  const [target] = await Promise.all([copy(), copy()]);
  expect(await copy()).toBe(target);
  expect(file.reads).toBe(1);
  rmSync(target!);
  expect(readFileSync((await copy())!).length).toBe(1000);
  writeFileSync(target!, 'short');
  expect(readFileSync((await copy())!).length).toBe(1000);
  expect(file.reads).toBe(3);
});

test('a copy is deleted an hour after it was asked for last, with the folder of its bot', async () => {
  const files = await openFiles();
  await files.copy(7n, 'documents/firstone', fileOf(10));
  await files.copy(8n, 'photos/otherone.jpg', fileOf(10));
  await clock.advance(HOUR_MS / 2);
  const target = await files.copy(7n, 'documents/firstone', fileOf(10));
  await clock.advance(HOUR_MS - MINUTE_MS);
  await expect.poll(() => existsSync(path.join(root, '8'))).toBe(false);
  expect(existsSync(target!)).toBe(true);
  await clock.advance(2 * MINUTE_MS);
  await expect.poll(() => readdirSync(root)).toEqual([]);
});

test('a restart knows the copies of before and their times, and deletes drafts and what is no copy', async () => {
  const before = await openFiles();
  await before.copy(7n, 'documents/oldercopy', fileOf(10));
  await clock.advance(HOUR_MS / 2);
  await before.copy(7n, 'documents/newercopy', fileOf(10));
  await before.copy(9n, 'documents/notmyown', fileOf(10));
  await before[Symbol.asyncDispose]();
  mkdirSync(path.join(root, '8', 'documents'), { recursive: true });
  writeFileSync(path.join(root, '8', 'documents', 'unfinished~'), 'x');
  await clock.advance(HOUR_MS / 2 + MINUTE_MS);
  const file = fileOf(10);
  const files = await openFiles({ owns: (botId) => botId !== 9n });
  expect(listed()).toEqual(['7/documents/newercopy', '9/documents/notmyown']);
  expect(readdirSync(root)).toEqual(['7', '9']);
  await files.copy(7n, 'documents/newercopy', file);
  expect(file.reads).toBe(0);
});

test('the copies that were asked for last stay when there are too many bytes, and one that is too long stays alone', async () => {
  const files = await openFiles({ bytesMax: 100 });
  await files.copy(7n, 'documents/firstone', fileOf(40));
  await files.copy(7n, 'documents/secondone', fileOf(40));
  await files.copy(7n, 'documents/firstone', fileOf(40));
  await files.copy(8n, 'documents/thirdone', fileOf(40));
  expect(listed()).toEqual(['7/documents/firstone', '8/documents/thirdone']);
  await files.copy(7n, 'documents/longerone', fileOf(150));
  expect(listed()).toEqual(['7/documents/longerone']);
  // What has gone counts no longer.
  await files.copy(7n, 'documents/firstone', fileOf(40));
  await files.copy(7n, 'documents/secondone', fileOf(40));
  expect(listed()).toEqual(['7/documents/firstone', '7/documents/secondone']);
});

test('a copy that is being written is not deleted to make room', async () => {
  const files = await openFiles({ bytesMax: 100 });
  const slow = slowFile(90);
  const copying = files.copy(7n, 'documents/slowcopy', slow);
  await slow.begun;
  await files.copy(7n, 'documents/otherone', fileOf(50));
  slow.go();
  expect(readFileSync((await copying)!).length).toBe(90);
  await clock.advance(MINUTE_MS);
  await expect.poll(listed).toEqual(['7/documents/otherone']);
});

test('four copies are written at once, and the others wait', async () => {
  const files = await openFiles();
  const slow = Array.from({ length: 5 }, () => slowFile(10));
  const copying = slow.map((file, at) => files.copy(7n, `documents/slowcopy${at}`, file));
  const begun = new Set<number>();
  for (const [at, file] of slow.entries()) void file.begun.then(() => begun.add(at));
  await expect.poll(() => begun.size).toBe(4);
  // Its draft would be there if it had begun.
  expect(listed().length).toBe(4);
  slow[[...begun][0]!]!.go();
  await expect.poll(() => begun.size).toBe(5);
  for (const file of slow) file.go();
  expect((await Promise.all(copying)).every((target) => existsSync(target!))).toBe(true);
});

test('the copies of a bot go when it is deleted, and not when it changes', async () => {
  const files = await openFiles();
  await files.copy(7n, 'documents/abcdefgh', fileOf(10));
  await files.copy(8n, 'documents/abcdefgh', fileOf(10));
  tellChange(8n);
  bots.delete(7n);
  tellChange(7n);
  await expect.poll(() => readdirSync(root)).toEqual(['8']);
  expect(listed()).toEqual(['8/documents/abcdefgh']);
});

test('a file that cannot be copied whole leaves nothing', async () => {
  let refusal: Error | undefined;
  const files = await openFiles({ refusal: () => refusal });
  expect(await files.copy(7n, 'documents/abcdefgh', { size: 20, read: (offset) => Promise.resolve(new Uint8Array(offset === 0 ? 10 : 0)) })).toBeUndefined();
  expect(await files.copy(7n, 'documents/abcdefgh', { size: 20, read: () => Promise.reject(new Error('the store is away')) })).toBeUndefined();
  refusal = new Error('the disk is nearly full');
  expect(await files.copy(7n, 'documents/abcdefgh', fileOf(10))).toBeUndefined();
  expect(listed()).toEqual([]);
  refusal = undefined;
  expect(await files.copy(7n, '../8/documents/abcdefgh', fileOf(10))).toBeUndefined();
  expect(readFileSync((await files.copy(7n, 'documents/abcdefgh', fileOf(10)))!).length).toBe(10);
  // Neither does the end of the server wait for a long file.
  const slow = slowFile(2_000_000);
  const copying = files.copy(7n, 'documents/longfile', slow);
  await slow.begun;
  const closing = files[Symbol.asyncDispose]();
  slow.go();
  await closing;
  expect(clock.pendingTimers()).toBe(0);
  expect(await copying).toBeUndefined();
  expect(listed()).toEqual(['7/documents/abcdefgh']);
});

test('a folder that cannot be written is no reason to fail', async () => {
  const files = await openFiles();
  writeFileSync(root, 'no folder');
  expect(await files.copy(7n, 'documents/abcdefgh', fileOf(10))).toBeUndefined();
});
