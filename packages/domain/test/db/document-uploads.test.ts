import { createHash, randomBytes } from 'node:crypto';

import type { tl } from '@aerogram/tl';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { createFileStage, type FileStage } from './file-stage.ts';

const KIB = 1024;
const MIB = KIB * KIB;
const DAY_MS = 86_400_000;

describe('uploads', () => {
  let stage: FileStage;
  let alice: bigint;
  beforeAll(async () => {
    stage = await createFileStage();
    alice = await stage.signUp('Alice');
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => stage[Symbol.asyncDispose]());

  /** An upload whose parts the test sends itself. */
  function begin(bytes: Uint8Array, partSize: number, fileId = stage.nextId() + 1000n) {
    const { files } = stage.world.domain;
    const count = Math.ceil(bytes.length / partSize);
    const bytesOf = (part: number): Uint8Array => bytes.subarray(part * partSize, (part + 1) * partSize);
    const save = (part: number, content = bytesOf(part)): Promise<void> => files.doSavePart({ userId: alice, fileId, part, totalParts: undefined }, content);
    const saveAll = async (): Promise<void> => {
      for (let part = 0; part < count; part++) await save(part);
    };
    const finish = ({ md5 = '', mimeType = 'text/plain' } = {}): Promise<tl.messageMediaDocument> =>
      files.doPrepareMedia(alice, { _: 'inputMediaUploadedDocument', file: { _: 'inputFile', id: fileId, parts: count, name: 'a', md5_checksum: md5 }, mime_type: mimeType, attributes: [] });
    return { fileId, count, bytesOf, save, saveAll, finish };
  }

  const unfinished = async (): Promise<number> => (await stage.world.files.uploads.count()).uploads;

  it.each([
    [10 * KIB, 512 * KIB],
    [1_100_000, 512 * KIB],
    [MIB, 256 * KIB],
    [100_001, 32 * KIB],
  ])('a part of a file of %d bytes that comes again after the file was finished is accepted and holds nothing', async (size, partSize) => {
    const file = begin(randomBytes(size), partSize);
    await file.saveAll();
    await file.finish();
    await file.saveAll();
    expect(await unfinished()).toBe(0);
    expect(await file.finish()).toMatchObject({ document: { size: BigInt(size) } });
  });

  it('a part that comes again while its file is being finished holds nothing', async () => {
    for (let round = 0; round < 10; round++) {
      const file = begin(randomBytes(300 * KIB), 128 * KIB);
      await file.saveAll();
      await Promise.all([file.finish(), ...Array.from({ length: 8 }, () => file.save(2))]);
      expect(await unfinished()).toBe(0);
    }
  });

  it('other bytes under the id of a finished upload begin a new one, and so does a part whose stored bytes are lost', async () => {
    const file = begin(randomBytes(200 * KIB), 128 * KIB);
    await file.saveAll();
    const first = await file.finish();
    const other = randomBytes(128 * KIB);
    await file.save(0, other);
    expect(await unfinished()).toBe(1);
    await file.save(1);
    const second = await file.finish();
    expect((second.document as tl.document).size).toBe((first.document as tl.document).size);
    const blobs = await stage.world.db.q.selectFrom('blobs').select('name').where('size', '=', BigInt(200 * KIB)).execute();
    expect(blobs).toHaveLength(2);
    for (const { name } of blobs) await stage.world.files.store.remove(name);
    await file.save(0, other);
    expect(await unfinished()).toBe(1);
    await file.save(1);
    await file.finish();
    expect(await unfinished()).toBe(0);
  });

  it('another file under the id of a finished upload is not taken for the earlier one, also if it begins with the same parts', async () => {
    const bytes = randomBytes(3 * 128 * KIB);
    const long = begin(bytes, 128 * KIB);
    await long.saveAll();
    await long.finish();
    const short = begin(bytes.subarray(0, 2 * 128 * KIB), 128 * KIB, long.fileId);
    await short.saveAll();
    await expect(short.finish()).rejects.toMatchObject({ text: 'FILE_PART_0_MISSING' });
    await short.saveAll();
    expect(await short.finish()).toMatchObject({ document: { size: BigInt(2 * 128 * KIB) } });
    // As many parts, which are shorter, so that they are at the beginning of the earlier file, too.
    const halves = begin(bytes.subarray(0, 2 * 64 * KIB), 64 * KIB, long.fileId);
    await halves.saveAll();
    expect(await halves.finish()).toMatchObject({ document: { size: BigInt(2 * 64 * KIB) } });
  });

  it('another file under the id of a finished upload is not taken for the earlier one when its parts are lost', async () => {
    const first = begin(randomBytes(2 * 128 * KIB), 128 * KIB);
    await first.saveAll();
    await first.finish();
    const second = begin(randomBytes(2 * 128 * KIB), 128 * KIB, first.fileId);
    await second.saveAll();
    await stage.world.files.uploads.discard(alice, first.fileId);
    await expect(second.finish()).rejects.toMatchObject({ text: 'FILE_PART_0_MISSING' });
  });

  it('a file of a known number of parts has other parts than a finished upload of another number', async () => {
    const { files } = stage.world.domain;
    const bytes = randomBytes(2 * 128 * KIB);
    const long = begin(bytes, 128 * KIB);
    await long.saveAll();
    await long.finish();
    const before = await unfinished();
    await files.doSavePart({ userId: alice, fileId: long.fileId, part: 0, totalParts: 2 }, long.bytesOf(0));
    expect(await unfinished()).toBe(before);
    await files.doSavePart({ userId: alice, fileId: long.fileId, part: 0, totalParts: 1 }, long.bytesOf(0));
    expect(await unfinished()).toBe(before + 1);
  });

  it('the checksum is compared also when the upload was finished before', async () => {
    const bytes = randomBytes(3000);
    const md5 = createHash('md5').update(bytes).digest('hex');
    const file = begin(bytes, 512 * KIB);
    await file.saveAll();
    const first = await file.finish({ md5 });
    expect(await file.finish({ md5: md5.toUpperCase() })).toEqual(first);
    await expect(file.finish({ md5: '0'.repeat(32) })).rejects.toMatchObject({ text: 'FILE_PART_0_MISSING' });
    await file.saveAll();
    expect(await file.finish({ md5 })).toEqual(first);
  });

  it('the checksum is compared for files of up to 10 MiB, and longer ones are not read for it', async () => {
    const short = begin(randomBytes(10 * MIB), 512 * KIB);
    await short.saveAll();
    await expect(short.finish({ md5: '0'.repeat(32) })).rejects.toMatchObject({ text: 'MD5_CHECKSUM_INVALID' });
    const long = begin(randomBytes(10 * MIB + 1), 512 * KIB);
    await long.saveAll();
    expect(await long.finish({ md5: '0'.repeat(32) })).toMatchObject({ document: { size: BigInt(10 * MIB + 1) } });
  });

  it('calls that finish one upload at the same time put its bytes into the store once, and give one document', async () => {
    const adopt = vi.spyOn(stage.world.files.store, 'adopt');
    const before = await unfinished();
    const file = begin(randomBytes(300 * KIB), 128 * KIB);
    await file.saveAll();
    const media = await Promise.all(Array.from({ length: 6 }, () => file.finish()));
    expect(adopt).toHaveBeenCalledTimes(1);
    expect(new Set(media.map(({ document }) => (document as tl.document).id)).size).toBe(1);
    expect(await unfinished()).toBe(before);
  });

  it('finishing an upload again and again does not keep it for longer than a day', async () => {
    const file = begin(randomBytes(1000), 512 * KIB);
    await file.saveAll();
    await file.finish();
    for (let quarter = 0; quarter < 3; quarter++) {
      await stage.world.clock.advance(DAY_MS / 4);
      await file.finish();
    }
    await stage.world.clock.advance(DAY_MS / 4 + 60_000);
    await stage.runJob('collect-files');
    await expect(file.finish()).rejects.toMatchObject({ text: 'FILE_PART_0_MISSING' });
  });

  it.each([100, 300 * KIB, 3 * MIB + 7])('a file of %d bytes is found by its SHA-256 and its type as the client writes it', async (size) => {
    const { domain } = stage.world;
    const bytes = randomBytes(size);
    const file = begin(bytes, 512 * KIB);
    await file.saveAll();
    const media = await file.finish({ mimeType: ' Video/MP4' });
    await stage.send(alice, alice, media);
    const content = { sha256: createHash('sha256').update(bytes).digest(), size: BigInt(size) };
    const id = (media.document as tl.document).id;
    for (const mimeType of ['video/mp4', ' Video/MP4']) expect(await domain.files.findByHash(alice, { ...content, mimeType })).toMatchObject({ _: 'document', id });
    expect(await domain.files.findByHash(alice, { ...content, mimeType: 'image/png' })).toMatchObject({ _: 'documentEmpty' });
  });
});
