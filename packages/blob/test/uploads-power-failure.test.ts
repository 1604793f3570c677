import { closeSync, openSync, readdirSync, writeSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Uploads } from '../src/index.ts';
import { KIB, createFixture, identityOf, splitFile } from './upload-fixture.ts';

const userId = 42n;
const BOOT_AT = 72;
const RECORDS_AT = 4096;
const RECORD_BYTES = 256;

function overwrite(file: string, at: number, bytes: Uint8Array): void {
  const fd = openSync(file, 'r+');
  writeSync(fd, bytes, 0, bytes.length, at);
  closeSync(fd);
}

/**
 * Saves four parts and then makes the files as a power failure may leave them.
 * @param lose is given the map and the data file
 */
async function uploadThenLose(partSize: number, lose: (map: string, data: string) => void) {
  const fixture = await createFixture();
  const content = fixture.random.bytes(4 * partSize - 100);
  const parts = splitFile(content, partSize);
  for (const [part, bytes] of parts.entries()) await fixture.uploads.savePart({ userId, fileId: 1n, part, totalParts: 4 }, bytes);
  await fixture.uploads[Symbol.asyncDispose]();
  const directory = path.join(fixture.root, '42', '0000000000000001');
  const map = path.join(directory, 'map');
  lose(map, path.join(directory, readdirSync(directory).find((name) => name !== 'map')!));
  overwrite(map, BOOT_AT, Buffer.from('an earlier run of the machine'));
  const uploads = await Uploads.open(fixture.settings);
  return {
    ...fixture,
    uploads,
    content,
    parts,
    save: (part: number, bytes = parts[part]!) => uploads.savePart({ userId, fileId: 1n, part, totalParts: 4 }, bytes),
    async [Symbol.asyncDispose]() {
      await uploads[Symbol.asyncDispose]();
      await fixture[Symbol.asyncDispose]();
    },
  };
}

test.each([32 * KIB, 128 * KIB])('parts of %i bytes whose bytes were lost are missing; the others stay', async (partSize) => {
  await using after = await uploadThenLose(partSize, (_map, data) => overwrite(data, 2 * partSize + 4096, Buffer.alloc(4096)));
  expect(await after.uploads.finish(userId, 1n, 4)).toEqual({ outcome: 'missing', part: 2 });
  expect(await after.save(1)).toEqual({ outcome: 'saved' });
  expect(await after.save(2)).toEqual({ outcome: 'saved' });
  const result = await after.uploads.finish(userId, 1n, 4);
  if (result.outcome !== 'finished') throw new Error(JSON.stringify(result));
  expect(Buffer.from(result.file.identity)).toEqual(Buffer.from(identityOf(after.content)));
  expect((await after.readBack(result.file)).equals(after.content)).toBe(true);
});

test('a part whose entry was lost takes its own bytes again', async () => {
  await using after = await uploadThenLose(128 * KIB, (map) => overwrite(map, RECORDS_AT + RECORD_BYTES, Buffer.alloc(RECORD_BYTES)));
  expect(await after.uploads.finish(userId, 1n, 4)).toEqual({ outcome: 'missing', part: 1 });
  await after.save(1);
  expect(await after.uploads.finish(userId, 1n, 4)).toMatchObject({ outcome: 'finished' });
});

test('other bytes for a part whose entry was lost begin the upload anew, because its key stream was used', async () => {
  await using after = await uploadThenLose(128 * KIB, (map) => overwrite(map, RECORDS_AT + RECORD_BYTES, Buffer.alloc(RECORD_BYTES)));
  await after.save(1, after.random.bytes(128 * KIB));
  expect(await after.uploads.finish(userId, 1n, 4)).toEqual({ outcome: 'missing', part: 0 });
});

test('an upload whose map or data was lost begins anew', async () => {
  for (const which of ['map', 'data'] as const) {
    await using after = await uploadThenLose(128 * KIB, (map, data) => overwrite(which === 'map' ? map : data, 0, Buffer.alloc(128 * KIB * 4)));
    expect(await after.uploads.finish(userId, 1n, 4)).toEqual(which === 'map' ? { outcome: 'absent' } : { outcome: 'missing', part: 0 });
    for (const part of [0, 1, 2, 3]) await after.save(part);
    expect(await after.uploads.finish(userId, 1n, 4)).toMatchObject({ outcome: 'finished' });
  }
});
