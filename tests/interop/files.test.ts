import { readFile } from 'node:fs/promises';
import { readMetrics, sumOfMetric } from '@aerogram/dev-env/load';
import { sizeOf } from '@aerogram/storage/testing';
import { describe, expect, test } from 'vitest';
import type { Library } from './driver-client.ts';
import { LIBRARIES, MISSING, useLibraries } from './libraries.ts';
import { closeAll, enterPair } from './people-of-libraries.ts';
import { hashOf, hashOfFile, makeLargeFile, useDisk } from './files-on-disk.ts';

const ALL: Library[] = MISSING.tdlib === undefined ? [...LIBRARIES, 'tdlib'] : LIBRARIES;
const libraries = useLibraries({}, ALL);
const MIB = 1_048_576;
/** Size of the large file in megabytes: 2000 is the largest that clients send by default. */
const LARGE_MB = Number(process.env['LARGE_FILE_MB'] ?? sizeOf({ short: 60, full: 300 }));
/** Size of the file during whose transfer the server is killed: far more than is on the way before a kill. */
const KILLED_MB = sizeOf({ short: 120, full: 250 });
/** How long the large file may take each way, in milliseconds for each megabyte. */
const LARGE_MS_PER_MB = 1000;

const disk = useDisk();

describe('files sent with one library are the same in another', () => {
  for (const [at, acts] of ALL.entries()) {
    const other = ALL[(at + 1) % ALL.length]!;
    test.each([1024, 10 * MIB])(`${acts} sends %d bytes, ${other} loads them and sends them on`, async (size) => {
      const [alice, bob] = await enterPair(libraries, acts, other);
      const { path, bytes } = await disk.makeFile(`${acts}-${size}.bin`, size);
      await alice.client.sendFile({ peer: bob.id, path, caption: 'a file' });
      const seen = await bob.client.seesMessage('a file');
      const saved = disk.pathOf(`${other}-got-${size}.bin`);
      await bob.client.saveFile({ peer: alice.id, id: seen.id, path: saved });
      expect(hashOf(await readFile(saved))).toBe(hashOf(bytes));
      const { ids } = await bob.client.forward({ from: alice.id, ids: [seen.id], to: bob.id });
      const own = disk.pathOf(`${other}-own-${size}.bin`);
      await bob.client.saveFile({ peer: bob.id, id: ids[0]!, path: own });
      expect(hashOf(await readFile(own))).toBe(hashOf(bytes));
      await closeAll(alice, bob);
    });
  }
});

test.runIf(MISSING.tdlib === undefined)('TDLib loads parts of a file in any order', async () => {
  const [alice, bob] = await enterPair(libraries, LIBRARIES[0]!, 'tdlib');
  const { path, bytes } = await disk.makeFile('video.bin', 10 * MIB);
  await alice.client.sendFile({ peer: bob.id, path, caption: 'a video' });
  const { id } = await bob.client.seesMessage('a video');
  for (const offset of [8 * MIB, 0, 5 * MIB + 12_345, 3 * MIB, 10 * MIB - 5000]) {
    const count = Math.min(200_000, bytes.length - offset);
    const part = Buffer.from(await bob.client.savePart({ peer: alice.id, id, offset, count }), 'base64');
    expect(hashOf(part)).toBe(hashOf(bytes.subarray(offset, offset + count)));
  }
  expect(await bob.client.complaints()).toEqual([]);
  await closeAll(alice, bob);
});

test.runIf(MISSING.tdlib === undefined)('TDLib sends a large file and loads it again', { timeout: 2 * LARGE_MB * LARGE_MS_PER_MB + 60_000 }, async () => {
  const [alice, bob] = await enterPair(libraries, 'tdlib', 'tdlib');
  const path = disk.pathOf('large.bin');
  const hash = await makeLargeFile(path, LARGE_MB);
  await alice.client.sendFile({ peer: bob.id, path, caption: 'a large file' });
  const { id } = await bob.client.seesMessage('a large file');
  const saved = disk.pathOf('large-got.bin');
  await bob.client.saveFile({ peer: alice.id, id, path: saved });
  expect(await hashOfFile(saved)).toBe(hash);
  for (const { client } of [alice, bob]) expect(await client.complaints()).toEqual([]);
  await closeAll(alice, bob);
});

/** Waits until the server has answered a number of calls of a method since it started. */
async function hasAnswered(method: string, count: number): Promise<void> {
  const answered = async (): Promise<number> => sumOfMetric(await readMetrics(libraries.server.info), `aerogram_rpc_calls_total{method="${method}",outcome="ok"}`);
  await expect.poll(answered, { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(count);
}

test.runIf(MISSING.tdlib === undefined)('TDLib sends and loads a file although the server is killed in the middle', { timeout: 200_000 }, async () => {
  const [alice, bob] = await enterPair(libraries, 'tdlib', 'tdlib');
  const path = disk.pathOf('interrupted.bin');
  const saved = disk.pathOf('interrupted-got.bin');
  const hash = await makeLargeFile(path, KILLED_MB);
  const sending = alice.client.sendFile({ peer: bob.id, path, caption: 'an interrupted file' });
  for (const parts of [40, 60]) {
    await hasAnswered('upload.saveBigFilePart', parts);
    await libraries.server.restart();
  }
  await sending;
  const { id } = await bob.client.seesMessage('an interrupted file');
  const loading = bob.client.saveFile({ peer: alice.id, id, path: saved });
  for (const parts of [40, 60]) {
    await hasAnswered('upload.getFile', parts);
    await libraries.server.restart();
  }
  await loading;
  expect(await hashOfFile(saved)).toBe(hash);
  await closeAll(alice, bob);
});
