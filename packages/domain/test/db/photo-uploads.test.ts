import { randomBytes } from 'node:crypto';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { thumbIdOf } from '../../src/index.ts';
import type { PhotoMaker } from './accounts-world.ts';
import { createFileStage, type FileStage, ORIGIN } from './file-stage.ts';

const WEEK_S = 7 * 86_400;

/** How the lane of the test is, how many photos it has made, and how many times each size repeats the upload. */
const state = { outcome: 'made' as 'made' | 'busy' | 'unavailable' | 'refused', made: 0, repeats: 1 };
/** Makes photos whose small size has the bytes of the upload, and whose large one has them reversed. */
const photos: PhotoMaker = {
  async make(_account, _use, read) {
    if (state.outcome === 'busy') return { outcome: 'busy', waitS: 7 };
    if (state.outcome === 'unavailable') return { outcome: 'unavailable' };
    const upload = await read();
    const bytes = Buffer.concat(Array.from({ length: state.repeats }, () => upload));
    state.made++;
    if (state.outcome === 'refused') return { outcome: 'refused', reason: 'dimensions' };
    const sizes = [
      { type: 's', width: 100, height: 50, bytes, prefixes: [] },
      { type: 'm', width: 320, height: 160, bytes: Uint8Array.from(bytes).reverse(), prefixes: [] },
    ];
    return { outcome: 'made', source: { width: 160, height: 160 }, photo: { sizes, stripped: Uint8Array.of(1, 20, 40) } };
  },
};

describe('photos made of uploads', () => {
  let stage: FileStage;
  let alice: bigint;
  let fileId: bigint;

  beforeAll(async () => {
    stage = await createFileStage({ unsentFilesMax: 3, unsentFileBytes: 1_000_000 }, { photos });
  });
  afterAll(() => stage[Symbol.asyncDispose]());
  beforeEach(async () => {
    Object.assign(state, { outcome: 'made', repeats: 1 });
    alice = await stage.signUp('Alice');
  });

  const finish = async (id = fileId): Promise<tl.photo> => {
    const media = await stage.world.domain.files.photos.doUploadMedia(alice, { _: 'inputMediaUploadedPhoto', file: { _: 'inputFile', id, parts: 1, name: 'a', md5_checksum: '' } });
    return media.photo as tl.photo;
  };
  const upload = async (bytes: Uint8Array): Promise<tl.photo> => {
    const id = (fileId = stage.nextId());
    await stage.world.domain.files.doSavePart({ userId: alice, fileId: id, part: 0, totalParts: undefined }, bytes);
    return finish(id);
  };
  const read = async ({ id, access_hash, file_reference }: tl.photo, thumb_size: string): Promise<Uint8Array> => {
    const file = await stage.world.domain.files.accessLocation(alice, { _: 'inputPhotoFileLocation', id, access_hash, file_reference, thumb_size });
    return file.read(0, 1 << 20);
  };
  const count = async (table: 'documents' | 'blobs'): Promise<number> => (await stage.world.db.q.selectFrom(table).selectAll().execute()).length;
  const collectAfter = async (seconds: number): Promise<void> => {
    await stage.runJob('collect-files');
    await stage.world.clock.advance(seconds * 1000);
    await stage.runJob('collect-files');
  };

  it('stores all sizes in one blob, and reads each of them', async () => {
    const bytes = randomBytes(300_001);
    const before = await count('blobs');
    const photo = await upload(bytes);
    expect(await count('blobs')).toBe(before + 1);
    expect(Buffer.compare(await read(photo, 's'), bytes)).toBe(0);
    expect(Buffer.compare(await read(photo, 'm'), Buffer.from(bytes).reverse())).toBe(0);
  });

  it('a call that is repeated finds the photo without its upload, also after it was sent', async () => {
    const photo = await upload(randomBytes(1000));
    const made = state.made;
    expect((await finish()).id).toBe(photo.id);
    await stage.send(alice, alice, { _: 'messageMediaPhoto', photo: { ...photo, access_hash: 0n, file_reference: new Uint8Array() } });
    const again = await finish();
    expect(again.id).not.toBe(photo.id);
    expect(again.sizes).toEqual(photo.sizes);
    expect(state.made).toBe(made);
  });

  it('deletes the photo and its blob a week after the last message with it', async () => {
    const photo = await upload(randomBytes(1000));
    const [documents, blobs] = [await count('documents'), await count('blobs')];
    const row = await stage.send(alice, alice, { _: 'messageMediaPhoto', photo: { ...photo, access_hash: 0n, file_reference: new Uint8Array() } });
    await collectAfter(2 * WEEK_S);
    const ids = async (): Promise<bigint[]> => (await stage.world.db.q.selectFrom('documents').select('document_id').execute()).map((one) => one.document_id);
    expect(await ids()).toContain(photo.id);
    await stage.world.domain.messages.doDelete({ ownerId: alice, msgIds: [row.msg_id], revoke: false, origin: ORIGIN });
    await collectAfter(WEEK_S + 60);
    expect(await ids()).not.toContain(photo.id);
    expect(await count('documents')).toBeLessThan(documents);
    expect(await count('blobs')).toBeLessThan(blobs);
    await expect(finish()).rejects.toMatchObject({ text: 'FILE_PART_0_MISSING' });
  });

  it('keeps the thumbnail of a document as long as the document, and deletes both with their blobs', async () => {
    const file = async (bytes: Uint8Array): Promise<tl.inputFile> => {
      const id = stage.nextId();
      await stage.world.domain.files.doSavePart({ userId: alice, fileId: id, part: 0, totalParts: undefined }, bytes);
      return { _: 'inputFile', id, parts: 1, name: 'a', md5_checksum: '' };
    };
    const [documents, blobs] = [await count('documents'), await count('blobs')];
    const thumb = randomBytes(500);
    const media = await stage.world.domain.files.doUploadMedia(alice, { _: 'inputMediaUploadedDocument', file: await file(randomBytes(1000)), thumb: await file(thumb), mime_type: 'video/mp4', attributes: [] });
    const document = media.document as tl.document;
    expect(document.thumbs).toMatchObject([{ _: 'photoStrippedSize' }, { _: 'photoSize', type: 'm', size: 500 }]);
    expect([await count('documents'), await count('blobs')]).toEqual([documents + 2, blobs + 2]);
    const row = await stage.send(alice, alice, { ...media, document: { ...document, access_hash: 0n, file_reference: new Uint8Array() } });
    await collectAfter(2 * WEEK_S);
    const ids = async (): Promise<bigint[]> => (await stage.world.db.q.selectFrom('documents').select('document_id').execute()).map((one) => one.document_id);
    expect(await ids()).toEqual(expect.arrayContaining([document.id, thumbIdOf(document.id)]));
    await stage.world.domain.messages.doDelete({ ownerId: alice, msgIds: [row.msg_id], revoke: false, origin: ORIGIN });
    const before = await count('blobs');
    await collectAfter(WEEK_S + 60);
    expect(await ids()).not.toContain(document.id);
    expect(await ids()).not.toContain(thumbIdOf(document.id));
    expect(await count('blobs')).toBe(before - 2);
  });

  it('counts photos for the limit of unsent files', async () => {
    for (let n = 0; n < 3; n++) await upload(randomBytes(100));
    const made = state.made;
    await expect(upload(randomBytes(100))).rejects.toMatchObject({ text: 'FLOOD_WAIT_600' });
    expect(state.made).toBe(made);
  });

  it('a photo that is too long for the limit, although its upload is not, is not stored', async () => {
    const strays = (): Promise<{ name: string }[]> => stage.world.db.q.selectFrom('stray_blobs').select('name').execute();
    const [before, stored] = [await strays(), await stage.world.files.store.list({ limit: 1000 })];
    const put = vi.spyOn(stage.world.files.store, 'put');
    state.repeats = 6;
    await expect(upload(randomBytes(100_000))).rejects.toMatchObject({ text: 'FLOOD_WAIT_600' });
    await expect(finish()).rejects.toMatchObject({ text: 'FLOOD_WAIT_600' });
    expect(put).not.toHaveBeenCalled();
    put.mockRestore();
    expect(await strays()).toEqual(before);
    expect(await stage.world.files.store.list({ limit: 1000 })).toEqual(stored);
  });

  it('of two photos that are made at once and exceed the limit together, the second leaves nothing in the store', async () => {
    const strays = (): Promise<{ name: string }[]> => stage.world.db.q.selectFrom('stray_blobs').select('name').execute();
    const [before, stored] = [await strays(), (await stage.world.files.store.list({ limit: 1000 })).length];
    state.repeats = 3;
    // Both calls have asked for the limit when the first one stores its bytes.
    const { store } = stage.world.files;
    const put = store.put.bind(store);
    let begin = (): void => {};
    const bothPut = new Promise<void>((resolve) => (begin = resolve));
    let puts = 0;
    const spy = vi.spyOn(store, 'put').mockImplementation(async (...args) => {
      if (++puts === 2) begin();
      await bothPut;
      await put(...args);
    });
    const results = await Promise.allSettled([upload(randomBytes(100_000)), upload(randomBytes(100_000))]);
    spy.mockRestore();
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await strays()).toEqual(before);
    expect(await stage.world.files.store.list({ limit: 1000 })).toHaveLength(stored + 1);
  });

  const finishDocument = (id: bigint): Promise<tl.messageMediaDocument> =>
    stage.world.domain.files.doUploadMedia(alice, { _: 'inputMediaUploadedDocument', file: { _: 'inputFile', id, parts: 1, name: 'a', md5_checksum: '' }, mime_type: 'image/png', attributes: [] });

  it('one upload can be sent as a document, then as a photo, and as both again', async () => {
    const bytes = randomBytes(1000);
    state.repeats = 2;
    fileId = stage.nextId();
    await stage.world.domain.files.doSavePart({ userId: alice, fileId, part: 0, totalParts: undefined }, bytes);
    const { document } = await finishDocument(fileId);
    const photo = await finish();
    expect(Buffer.compare(await read(photo, 's'), Buffer.concat([bytes, bytes]))).toBe(0);
    expect((await finishDocument(fileId)).document).toMatchObject({ id: (document as tl.document).id });
    expect((await finish()).id).toBe(photo.id);
  });

  it('asks for an upload again whose document is lost, and then keeps its parts', async () => {
    const bytes = randomBytes(1000);
    const part = { userId: alice, fileId: (fileId = stage.nextId()), part: 0, totalParts: undefined };
    state.repeats = 2;
    await stage.world.domain.files.doSavePart(part, bytes);
    const { document } = await finishDocument(fileId);
    const { id } = document as tl.document;
    const { name } = await stage.world.db.q.selectFrom('documents').innerJoin('blobs', 'blobs.identity', 'documents.identity').select('blobs.name').where('document_id', '=', id).executeTakeFirstOrThrow();
    await stage.world.files.store.remove(name);
    await expect(finish()).rejects.toMatchObject({ text: 'FILE_PART_0_MISSING' });
    await stage.world.domain.files.doSavePart(part, bytes);
    expect((await finish()).sizes).toHaveLength(3);
  });

  it('an upload that is sent as a document after it has become a photo is asked for again, and its parts are kept', async () => {
    const bytes = randomBytes(1000);
    // The blob of the photo begins with the bytes of the upload.
    await upload(bytes);
    await expect(finishDocument(fileId)).rejects.toMatchObject({ text: 'FILE_PART_0_MISSING' });
    await stage.world.domain.files.doSavePart({ userId: alice, fileId, part: 0, totalParts: undefined }, bytes);
    expect((await finishDocument(fileId)).document).toMatchObject({ size: 1000n });
  });

  it('does not wait for the collection, which locks an old photo before it locks the blob of it', async () => {
    const bytes = randomBytes(1000);
    const { id } = await upload(bytes);
    await stage.world.clock.advance(WEEK_S * 1000);
    const again = await stage.world.db.transact('collect', async (tx) => {
      await tx.q.selectFrom('documents').select('document_id').where('document_id', '=', id).forUpdate().execute();
      return upload(bytes);
    });
    expect(again.id).not.toBe(id);
  });

  it('processes a picture that was refused only once in ten minutes', async () => {
    const bytes = randomBytes(1000);
    state.outcome = 'refused';
    const before = state.made;
    await expect(upload(bytes)).rejects.toMatchObject({ text: 'PHOTO_INVALID_DIMENSIONS' });
    for (let n = 0; n < 3; n++) await expect(finish()).rejects.toMatchObject({ text: 'PHOTO_INVALID_DIMENSIONS' });
    expect(state.made).toBe(before + 1);
    await stage.world.clock.advance(600_000);
    state.outcome = 'made';
    expect((await finish()).sizes).toHaveLength(3);
  });

  it('does not process a picture again whose photo the limit has refused', async () => {
    const before = state.made;
    state.repeats = 6;
    await expect(upload(randomBytes(100_000))).rejects.toMatchObject({ text: 'FLOOD_WAIT_600' });
    await expect(finish()).rejects.toMatchObject({ text: 'FLOOD_WAIT_600' });
    expect(state.made).toBe(before + 1);
  });

  it('keeps the upload when the photo cannot be made now', async () => {
    state.outcome = 'busy';
    await expect(upload(randomBytes(100))).rejects.toMatchObject({ text: 'FLOOD_WAIT_7' });
    state.outcome = 'unavailable';
    await expect(finish()).rejects.toMatchObject({ text: 'IMAGE_PROCESS_FAILED' });
    state.outcome = 'made';
    expect((await finish()).sizes).toHaveLength(3);
  });

  it('puts the bytes of a lost blob in their place again', async () => {
    const bytes = randomBytes(1000);
    const photo = await upload(bytes);
    const { name } = await stage.world.db.q.selectFrom('documents').innerJoin('blobs', 'blobs.identity', 'documents.identity').select('blobs.name').where('document_id', '=', photo.id).executeTakeFirstOrThrow();
    await stage.world.files.store.remove(name);
    await upload(bytes);
    await stage.world.clock.advance(3000);
    expect(Buffer.compare(await read(photo, 's'), bytes)).toBe(0);
  });
});
