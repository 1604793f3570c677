import { closeSync, openSync, truncateSync, writeSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { BLOCK_BYTES, type FinishedUpload, verifyBlob } from '../src/index.ts';
import { createFixture } from './upload-fixture.ts';

/** Stores one file of 2½ blocks. */
async function createStored() {
  const fixture = await createFixture();
  const bytes = fixture.random.bytes(2.5 * BLOCK_BYTES);
  await fixture.uploads.savePart({ userId: 1n, fileId: 1n, part: 0, totalParts: 1 }, bytes);
  const { file } = (await fixture.uploads.finish(1n, 1n, 1)) as { file: FinishedUpload };
  await fixture.store.adopt(file.path, file.name, file.size);
  const { name, size, blockHashes } = file;
  const blob = { name, size, blockHashes, key: await fixture.keys.unwrap(file.wrappedKey) };
  return { ...fixture, blob, stored: path.join(fixture.dir, 'blobs', name.slice(0, 2), name.slice(2, 4), name) };
}

test('a stored blob is sound', async () => {
  await using fixture = await createStored();
  expect(await verifyBlob(fixture.store, fixture.blob)).toEqual({ state: 'sound' });
});

test('blocks with a changed bit are named', async () => {
  await using fixture = await createStored();
  const before = await fixture.store.read(fixture.blob.name, 2 * BLOCK_BYTES - 1, 2);
  const file = openSync(fixture.stored, 'r+');
  writeSync(file, Buffer.from(before.map((byte) => byte ^ 1)), 0, 2, 2 * BLOCK_BYTES - 1);
  closeSync(file);
  expect(await verifyBlob(fixture.store, fixture.blob)).toEqual({ state: 'damaged', blocks: [1, 2] });
});

test('a blob of another size, and a missing one, are reported', async () => {
  await using fixture = await createStored();
  truncateSync(fixture.stored, 10);
  expect(await verifyBlob(fixture.store, fixture.blob)).toEqual({ state: 'wrong-size', size: 10 });
  await fixture.store.remove(fixture.blob.name);
  expect(await verifyBlob(fixture.store, fixture.blob)).toEqual({ state: 'missing' });
});
