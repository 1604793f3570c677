import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';

import { BlobStoreUnavailable, cryptBlob, PartBusy } from '@aerogram/blob';
import { DiskFull } from '@aerogram/storage';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import type { World } from './accounts-world.ts';
import { createFileStage, type FileStage } from './file-stage.ts';

const PART = 128 * 1024;

describe('failures of the places for files', () => {
  let stage: FileStage;
  let world: World;
  let alice: bigint;
  let restore: (() => void)[] = [];
  beforeAll(async () => {
    stage = await createFileStage();
    world = stage.world;
    alice = await stage.signUp('Alice');
  });
  afterAll(() => stage[Symbol.asyncDispose]());
  afterEach(() => {
    vi.restoreAllMocks();
    for (const undo of restore) undo();
    restore = [];
  });

  /** Lets writes of more than 4 KiB write half of their bytes and fail as on a full disk. @returns a function that ends that */
  async function fillDisk(): Promise<() => void> {
    const handle = await open(import.meta.filename, 'r');
    const prototype = Object.getPrototypeOf(handle) as { write: (...args: unknown[]) => Promise<unknown> };
    await handle.close();
    const { write } = prototype;
    prototype.write = async function (...args: unknown[]) {
      const [bytes, from, length, offset] = args as [Uint8Array, number, number, number];
      if (length <= 4096) return await write.apply(this, args);
      await write.call(this, bytes, from, length / 2, offset);
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    };
    const undo = (): void => {
      prototype.write = write;
    };
    restore.push(undo);
    return undo;
  }

  /** Saves the parts of a file of several parts. @returns what saves one part, and what finishes the upload and reads the file back */
  function newUpload(parts: number) {
    const fileId = stage.nextId() + 1000n;
    const content = randomBytes(parts * PART);
    const input = { _: 'inputMediaUploadedDocument' as const, file: { _: 'inputFileBig' as const, id: fileId, parts, name: 'a' }, mime_type: 'text/plain', attributes: [] };
    return {
      save: (part: number) => world.domain.files.doSavePart({ userId: alice, fileId, part, totalParts: parts }, content.subarray(part * PART, (part + 1) * PART)),
      /** Saves a part with another body than before. */
      replace: (part: number) => world.domain.files.doSavePart({ userId: alice, fileId, part, totalParts: parts }, randomBytes(PART)),
      finish: () => world.domain.files.doPrepareMedia(alice, input),
      async checkStored(): Promise<void> {
        const document = (await world.domain.files.doPrepareMedia(alice, input)).document as { id: bigint };
        const blob = await world.db.q
          .selectFrom('blobs').innerJoin('documents', 'documents.identity', 'blobs.identity').select(['name', 'wrapped_key']).where('document_id', '=', document.id)
          .executeTakeFirstOrThrow();
        const bytes = cryptBlob(await world.files.keys.unwrap(blob.wrapped_key), 0, await world.files.store.read(blob.name, 0, content.length));
        expect(Buffer.compare(bytes, content)).toBe(0);
      },
    };
  }

  it('a part that does not fit on the disk is refused as on a full disk, and taken when there is space again', async () => {
    const upload = newUpload(2);
    await upload.save(0);
    const free = await fillDisk();
    await expect(upload.save(1)).rejects.toBeInstanceOf(DiskFull);
    free();
    await upload.save(1);
    await upload.finish();
    await upload.checkStored();
  });

  it('while the disk is nearly full, neither parts nor whole files are taken, and the upload goes on afterwards', async () => {
    const upload = newUpload(2);
    await upload.save(0);
    const refuse = (refusal: Error | undefined): void => void Object.assign(world.files, { refusal: () => refusal });
    restore.push(() => refuse(undefined));
    refuse(new DiskFull('nearly full'));
    await expect(upload.save(1)).rejects.toBeInstanceOf(DiskFull);
    refuse(undefined);
    await upload.save(1);
    refuse(new DiskFull('nearly full'));
    const adopt = vi.spyOn(world.files.store, 'adopt');
    await expect(upload.finish()).rejects.toBeInstanceOf(DiskFull);
    expect(adopt).not.toHaveBeenCalled();
    refuse(undefined);
    await upload.finish();
    await upload.checkStored();
  });

  it.each(['stat', 'adopt'] as const)('while the blob store cannot be reached (%s), a call that finishes an upload waits, and needs no part again afterwards', async (call) => {
    const upload = newUpload(2);
    for (const part of [0, 1]) await upload.save(part);
    const before = await world.files.uploads.count();
    vi.spyOn(world.files.store, call).mockRejectedValue(new BlobStoreUnavailable('away'));
    for (let attempt = 0; attempt < 2; attempt++) await expect(upload.finish()).rejects.toMatchObject({ name: 'FilesUnavailable', waitS: 10 });
    vi.restoreAllMocks();
    expect(await world.files.uploads.count()).toEqual(before);
    await upload.finish();
    await upload.checkStored();
  });

  it.each(['hash', 'adopt'] as const)('a part with another body while its upload is finished (%s) lets the call ask for the parts again', async (step) => {
    const upload = newUpload(2);
    for (const part of [0, 1]) await upload.save(part);
    const { uploads, store } = world.files;
    const [hash, adopt] = [uploads.hashWhole.bind(uploads), store.adopt.bind(store)];
    const replaceFirst = async <T>(call: () => Promise<T>): Promise<T> => {
      await upload.replace(1);
      return await call();
    };
    if (step === 'hash') vi.spyOn(uploads, 'hashWhole').mockImplementationOnce((...args) => replaceFirst(() => hash(...args)));
    else vi.spyOn(store, 'adopt').mockImplementationOnce((...args) => replaceFirst(() => adopt(...args)));
    await expect(upload.finish()).rejects.toMatchObject({ text: 'FILE_PART_0_MISSING' });
    for (const part of [1, 0]) await upload.save(part);
    await upload.finish();
    await upload.checkStored();
  });

  it('an unfinished upload whose master key is missing waits for it, and then goes on without its earlier parts', async () => {
    const upload = newUpload(2);
    await upload.save(0);
    const { masterKeys, keys } = world.files;
    const [key] = masterKeys.splice(0, 1, randomBytes(32));
    await keys.reload();
    // Until then the upload is open, and its key is known.
    await world.clock.advance(30_000);
    const wait = { name: 'FilesUnavailable', waitS: 10 };
    await expect(upload.save(1)).rejects.toMatchObject(wait);
    await expect(upload.finish()).rejects.toMatchObject(wait);
    const other = newUpload(1);
    await other.save(0);
    await other.finish();
    masterKeys.push(key!);
    await keys.reload();
    await upload.save(1);
    await upload.finish();
    await upload.checkStored();
  });

  it('a part that another process writes is to be sent again soon', async () => {
    vi.spyOn(world.files.uploads, 'savePart').mockRejectedValue(new PartBusy('busy'));
    await expect(newUpload(1).save(0)).rejects.toMatchObject({ name: 'FilesUnavailable', waitS: 2 });
  });
});
