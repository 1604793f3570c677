import { open } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { KIB, createFixture } from './upload-fixture.ts';

let freeDisk = (): void => {};
afterEach(() => freeDisk());

/** Until `freeDisk`, writes of more than 4 KiB write half of their bytes and fail as on a full disk. */
async function fillDisk(): Promise<void> {
  const handle = await open(import.meta.filename, 'r');
  const prototype = Object.getPrototypeOf(handle) as { write: (...args: unknown[]) => Promise<unknown> };
  await handle.close();
  const { write } = prototype;
  freeDisk = () => {
    prototype.write = write;
  };
  prototype.write = async function (...args: unknown[]) {
    const [bytes, from, length, offset] = args as [Uint8Array, number, number, number];
    if (length <= 4 * KIB) return await write.apply(this, args);
    await write.call(this, bytes, from, length / 2, offset);
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
}

test('a part that does not fit on the disk fails, and is taken when there is space again', async () => {
  await using fixture = await createFixture();
  const { uploads, random } = fixture;
  const content = random.bytes(256 * KIB);
  const save = (part: number) =>
    uploads.savePart({ userId: 1n, fileId: 1n, part, totalParts: 2 }, content.subarray(part * 128 * KIB, (part + 1) * 128 * KIB));
  await save(0);
  await fillDisk();
  await expect(save(1)).rejects.toThrow('ENOSPC');
  await expect(save(1)).rejects.toThrow('ENOSPC');
  expect(await uploads.finish(1n, 1n, 2)).toEqual({ outcome: 'missing', part: 1 });
  freeDisk();
  expect(await save(1)).toEqual({ outcome: 'saved' });
  const result = await uploads.finish(1n, 1n, 2);
  if (result.outcome !== 'finished') throw new Error(JSON.stringify(result));
  expect((await fixture.readBack(result.file)).equals(content)).toBe(true);
});

test('another body for a part that did not fit on the disk begins the upload anew, because the key stream was used', async () => {
  await using fixture = await createFixture();
  const { uploads, random } = fixture;
  const save = (part: number) => uploads.savePart({ userId: 1n, fileId: 1n, part, totalParts: 2 }, random.bytes(128 * KIB));
  await save(0);
  await fillDisk();
  await expect(save(1)).rejects.toThrow('ENOSPC');
  freeDisk();
  expect(await save(1)).toEqual({ outcome: 'saved' });
  expect(await uploads.finish(1n, 1n, 2)).toEqual({ outcome: 'missing', part: 0 });
});

test('a blob that does not fit on the disk leaves nothing behind', async () => {
  await using fixture = await createFixture();
  const { store, dir, random } = fixture;
  const bytes = random.bytes(64 * KIB);
  async function* source(): AsyncIterable<Uint8Array> {
    yield bytes;
  }
  await fillDisk();
  await expect(store.put('abcdef01', bytes.length, source())).rejects.toThrow('ENOSPC');
  expect(await store.stat('abcdef01')).toBeUndefined();
  expect(readdirSync(path.join(dir, 'blobs/drafts'))).toEqual([]);
  freeDisk();
  await store.put('abcdef01', bytes.length, source());
  expect(await store.stat('abcdef01')).toEqual({ size: bytes.length });
});
