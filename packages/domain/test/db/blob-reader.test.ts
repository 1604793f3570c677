import { randomBytes } from 'node:crypto';

import { createBlobKey, cryptBlob } from '@aerogram/blob';
import { createMetrics, seededRandom, silentLogger } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createBlobReader } from '../../src/blobs/blob-reader.ts';
import { createFileStage, type FileStage } from './file-stage.ts';

const random = seededRandom('blob reader');
type Read = (offset: number, limit: number) => Promise<Uint8Array>;

describe('a stored file', () => {
  let stage: FileStage;
  let alice: bigint;
  beforeAll(async () => {
    stage = await createFileStage();
    alice = await stage.signUp('Alice');
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  /** Uploads a file. @returns how its uploader reads it */
  async function uploaded(bytes: Uint8Array): Promise<Read> {
    const { files } = stage.world.domain;
    await stage.upload(alice, bytes);
    const media = await files.doUploadMedia(alice, stage.lastUploaded());
    const { id, access_hash, file_reference } = media.document as tl.document;
    const location: tl.inputDocumentFileLocation = { _: 'inputDocumentFileLocation', id, access_hash, file_reference, thumb_size: '' };
    return async (offset, limit) => (await files.accessLocation(alice, location)).read(offset, limit);
  }

  /** The row of a file, whose size no other file of this test has. */
  const blobOf = (bytes: Uint8Array) =>
    stage.world.db.q.selectFrom('blobs').select(['name', 'identity']).where('size', '=', BigInt(bytes.length)).executeTakeFirstOrThrow();

  async function overwrite(name: string, bytes: Uint8Array): Promise<void> {
    await stage.world.files.store.remove(name);
    await stage.world.files.store.put(name, bytes.length, (async function* () { yield bytes; })());
  }

  /** Repairs a blob as another process does after an upload of the same content: with another name and key. */
  async function repairElsewhere(bytes: Uint8Array): Promise<void> {
    const { files, db } = stage.world;
    const [key, name] = [createBlobKey(random), randomBytes(16).toString('hex')];
    await overwrite(name, cryptBlob(key, 0, bytes));
    await db.q.updateTable('blobs').set({ name, wrapped_key: files.keys.wrap(key) }).where('identity', '=', (await blobOf(bytes)).identity).execute();
  }

  it('whose damaged bytes another process has replaced is read from the new place within two seconds', async () => {
    const bytes = randomBytes(4001);
    const read = await uploaded(bytes);
    await read(0, 4096);
    const { name } = await blobOf(bytes);
    await overwrite(name, randomBytes(bytes.length));
    await repairElsewhere(bytes);
    await stage.world.clock.advance(2001);
    expect(Buffer.from(await read(0, 4096)).equals(bytes)).toBe(true);
  });

  it('whose lost or cut bytes another process has replaced is read from the new place at once', async () => {
    const [lost, cut] = [randomBytes(4002), randomBytes(4003)];
    for (const bytes of [lost, cut]) {
      const read = await uploaded(bytes);
      await read(0, 4096);
      const { name } = await blobOf(bytes);
      if (bytes === lost) await stage.world.files.store.remove(name);
      else await overwrite(name, randomBytes(10));
      await repairElsewhere(bytes);
      expect(Buffer.from(await read(0, 4096)).equals(bytes)).toBe(true);
    }
  });

  it('that is shorter in the store than its row says is never taken for a shorter file', async () => {
    const bytes = randomBytes(9000);
    const read = await uploaded(bytes);
    const { name, identity } = await blobOf(bytes);
    const { store } = stage.world.files;
    await overwrite(name, (await store.read(name, 0, 5000)).slice());
    expect(Buffer.from(await read(0, 4096)).equals(bytes.subarray(0, 4096))).toBe(true);
    await expect(read(4096, 4096)).rejects.toThrow(`only 904 of the 4096 bytes at 4096 of the blob ${name}`);
    expect(await read(12_288, 4096)).toHaveLength(0);
    const metrics = createMetrics();
    const { db, clock, files } = stage.world;
    const reader = createBlobReader({ db, clock, log: silentLogger, metrics, fileStorage: files });
    await expect(reader.read({ identity, size: bytes.length }, 8192, 4096)).rejects.toThrow('only 0 of the 808 bytes');
    expect(await metrics.render()).toContain('aerogram_blob_read_failures_total{reason="short"} 1');
  });
});
