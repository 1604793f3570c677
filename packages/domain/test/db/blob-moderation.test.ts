import { createHash, randomBytes } from 'node:crypto';
import { fileIdentity, hashBlocks } from '@aerogram/blob';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { countBlobUses, countFiles, doCreateFileLink, doDeleteBlob, doRemoveStray, dropBlobBlock, findBlobByHash, findBlobOfDocument, saveBlobBlock, thumbIdOf } from '../../src/index.ts';
import type { PhotoMaker } from './accounts-world.ts';
import { createFileStage, type FileStage, ORIGIN } from './file-stage.ts';

/** Makes photos whose only size has the reversed bytes of the upload. */
const photos: PhotoMaker = {
  async make(_account, _use, read) {
    return { outcome: 'made', source: { width: 160, height: 160 }, photo: { sizes: [{ type: 'm', width: 320, height: 160, bytes: Uint8Array.from(await read()).reverse(), prefixes: [] }], stripped: Uint8Array.of(1, 20, 40) } };
  },
};

const identityOf = (bytes: Uint8Array): Uint8Array => fileIdentity(bytes.length, hashBlocks(bytes));

describe('what operators do with files', () => {
  let stage: FileStage;
  let alice: bigint;
  let bob: bigint;
  beforeAll(async () => {
    stage = await createFileStage({}, { photos });
    alice = await stage.signUp('Alice');
    bob = await stage.signUp('Bob');
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  const inputFile = async (bytes: Uint8Array): Promise<tl.inputFile> => {
    const id = stage.nextId() + 10_000n;
    await stage.world.domain.files.doSavePart({ userId: alice, fileId: id, part: 0, totalParts: undefined }, bytes);
    return { _: 'inputFile', id, parts: 1, name: 'a', md5_checksum: '' };
  };
  const uploaded = async (bytes: Uint8Array, more: Partial<tl.inputMediaUploadedDocument> = {}): Promise<tl.inputMediaUploadedDocument> =>
    ({ _: 'inputMediaUploadedDocument', file: await inputFile(bytes), mime_type: 'text/plain', attributes: [], ...more });
  const upload = async (bytes: Uint8Array, more: Partial<tl.inputMediaUploadedDocument> = {}): Promise<tl.document> =>
    (await stage.world.domain.files.doUploadMedia(alice, await uploaded(bytes, more))).document as tl.document;
  const uploadPhoto = async (bytes: Uint8Array): Promise<tl.photo> =>
    (await stage.world.domain.files.photos.doUploadMedia(alice, { _: 'inputMediaUploadedPhoto', file: await inputFile(bytes) })).photo as tl.photo;
  const locationOf = ({ id, access_hash, file_reference }: tl.document, thumb_size = ''): tl.inputDocumentFileLocation => ({ _: 'inputDocumentFileLocation', id, access_hash, file_reference, thumb_size });
  const read = async (document: tl.document, thumbSize = ''): Promise<Uint8Array> => (await stage.world.domain.files.accessLocation(alice, locationOf(document, thumbSize))).read(0, 1 << 20);
  const again = ({ id, access_hash, file_reference }: tl.document): Promise<unknown> =>
    stage.world.domain.files.doPrepareMedia(alice, { _: 'inputMediaDocument', id: { _: 'inputDocument', id, access_hash, file_reference } });
  const remove = async (identity: Uint8Array, { blocks = false } = {}) => {
    const { db, clock, files } = stage.world;
    const deletion = await doDeleteBlob(db, identity, { nowDate: clock.now(), blocks, note: () => Promise.resolve() });
    for (const name of deletion?.names ?? []) await doRemoveStray({ db, fileStorage: files }, name);
    return deletion;
  };
  const block = (identity: Uint8Array): Promise<boolean> => stage.world.db.transact('block', (tx) => saveBlobBlock(tx, identity, stage.world.clock.now()));
  const refusal = (text: string) => expect.objectContaining({ text }) as Error;

  it('a deleted file cannot be loaded by anybody who had it, after two seconds at the latest; its messages stay', async () => {
    const bytes = randomBytes(5000);
    const document = await upload(bytes);
    const row = await stage.send(alice, bob, { _: 'messageMediaDocument', document: { ...document, access_hash: 0n, file_reference: new Uint8Array() } });
    const { db, clock, domain: { files } } = stage.world;
    const token = (await doCreateFileLink({ db, random: systemRandom, clock }, document.id, clock.now() + 3600))!;
    const linked = (await files.named.openLink(token))!;
    expect(Buffer.compare(await linked.read(0, 8192), bytes)).toBe(0);
    expect(await files.listHashes(alice, locationOf(document), 0)).toHaveLength(1);
    const before = await stage.world.files.store.list({ limit: 1000 });

    expect(await remove(identityOf(bytes))).toMatchObject({ uses: { documents: 1, messages: 2, others: 0 }, thumbs: [], isNewlyBlocked: false });
    expect((await stage.world.files.store.list({ limit: 1000 })).length).toBe(before.length - 1);
    await clock.advance(2001);
    await expect(read(document)).rejects.toThrow(refusal('FILE_ID_INVALID'));
    await expect(linked.read(0, 8192)).rejects.toThrow(refusal('FILE_ID_INVALID'));
    await expect(files.listHashes(alice, locationOf(document), 0)).rejects.toThrow(refusal('FILE_ID_INVALID'));
    await expect(again(document)).rejects.toThrow(refusal('DOCUMENT_INVALID'));
    expect(await files.named.openLink(token)).toBeUndefined();
    expect(await files.findByHash(alice, { sha256: createHash('sha256').update(bytes).digest(), size: 5000n, mimeType: 'text/plain' })).toEqual({ _: 'documentEmpty', id: 0n });
    expect(await db.q.selectFrom('message_files').select('owner_id').where('document_id', '=', document.id).execute()).toHaveLength(2);
    expect(await db.q.selectFrom('messages').select('msg_id').where('owner_id', '=', alice).where('msg_id', '=', row.msg_id).execute()).toHaveLength(1);
    // To delete it once more changes nothing.
    expect(await remove(identityOf(bytes))).toBeUndefined();
  });

  it('the checks take a deleted file for no fault, and the collection deletes its row with the last document', async () => {
    const bytes = randomBytes(5001);
    const document = await upload(bytes);
    const { blobs, deleted } = await countFiles(stage.world.db);
    await remove(identityOf(bytes));
    expect(await countFiles(stage.world.db)).toMatchObject({ blobs: blobs - 1, deleted: deleted + 1, faults: 0 });
    await stage.runJob('collect-files');
    await stage.world.clock.advance(31 * 86_400_000);
    await stage.runJob('check-blobs');
    expect(await countFiles(stage.world.db)).toMatchObject({ faults: 0, unread: 0 });
    await stage.runJob('collect-files');
    await stage.runJob('collect-stray-blobs');
    expect(await findBlobOfDocument(stage.world.db, document.id)).toBeUndefined();
    expect(await findBlobByHash(stage.world.db, identityOf(bytes))).toBeUndefined();
    expect(await stage.world.db.q.selectFrom('stray_blobs').selectAll().where('name', 'like', 'deleted%').execute()).toEqual([]);
  });

  it('a deleted file that is not blocked comes back with the next upload of the same content, also when the upload was finished before', async () => {
    const bytes = randomBytes(5002);
    const input = await uploaded(bytes);
    const { files } = stage.world.domain;
    const first = (await files.doUploadMedia(alice, input)).document as tl.document;
    await remove(identityOf(bytes));
    await stage.world.clock.advance(2001);
    // The parts are gone, and so is what was made of them.
    await expect(files.doUploadMedia(alice, input)).rejects.toThrow(refusal('FILE_PART_0_MISSING'));
    const second = await upload(bytes);
    expect(Buffer.compare(await read(second), bytes)).toBe(0);
    await stage.world.clock.advance(2001);
    expect(Buffer.compare(await read(first), bytes)).toBe(0);
    expect((await countBlobUses(stage.world.db, identityOf(bytes))).documents).toBeGreaterThan(0);
  });

  it('blocked content is refused in uploads, in documents that are sent again, and by its hash, until it is permitted', async () => {
    const bytes = randomBytes(5003);
    const document = await upload(bytes);
    await stage.send(alice, alice, { _: 'messageMediaDocument', document: { ...document, access_hash: 0n, file_reference: new Uint8Array() } });
    const { files } = stage.world.domain;
    const byHash = () => files.findByHash(alice, { sha256: createHash('sha256').update(bytes).digest(), size: 5003n, mimeType: 'text/plain' });
    expect(await byHash()).toMatchObject({ _: 'document' });
    expect(await block(identityOf(bytes))).toBe(true);
    expect(await block(identityOf(bytes))).toBe(false);
    const input = await uploaded(bytes);
    await expect(files.doUploadMedia(alice, input)).rejects.toThrow(refusal('MEDIA_INVALID'));
    expect((await stage.world.files.uploads.count()).uploads).toBe(0);
    await expect(files.photos.doUploadMedia(alice, { _: 'inputMediaUploadedPhoto', file: await inputFile(bytes) })).rejects.toThrow(refusal('MEDIA_INVALID'));
    await expect(again(document)).rejects.toThrow(refusal('DOCUMENT_INVALID'));
    expect(await byHash()).toEqual({ _: 'documentEmpty', id: 0n });
    // It can be loaded until it is deleted.
    expect(Buffer.compare(await read(document), bytes)).toBe(0);
    await stage.world.db.transact('permit', (tx) => dropBlobBlock(tx, identityOf(bytes), stage.world.clock.now()));
    await again(document);
    expect(Buffer.compare(await read(await upload(bytes)), bytes)).toBe(0);
  });

  it('a photo is refused if what is made of the upload is blocked, a document then comes without its thumbnail', async () => {
    const bytes = randomBytes(5004);
    const photo = await uploadPhoto(bytes);
    const identity = (await findBlobOfDocument(stage.world.db, photo.id))!;
    expect(Buffer.compare(identity, identityOf(Uint8Array.from(bytes).reverse()))).toBe(0);
    await block(identity);
    const stored = await stage.world.files.store.list({ limit: 1000 });
    await expect(uploadPhoto(bytes)).rejects.toThrow(refusal('MEDIA_INVALID'));
    const sendAgain = stage.world.domain.files.photos.doPrepareMedia(alice, { _: 'inputMediaPhoto', id: { _: 'inputPhoto', id: photo.id, access_hash: photo.access_hash, file_reference: photo.file_reference } });
    await expect(sendAgain).rejects.toThrow(refusal('MEDIA_INVALID'));
    expect((await stage.world.files.store.list({ limit: 1000 })).length).toBe(stored.length);
    expect((await upload(randomBytes(100), { thumb: await inputFile(bytes) })).thumbs).toBeUndefined();
  });

  it('a photo whose sizes were blocked before anybody had uploaded it is not stored', async () => {
    const bytes = randomBytes(5005);
    const made = Uint8Array.from(bytes).reverse();
    await block(identityOf(made));
    await expect(uploadPhoto(bytes)).rejects.toThrow(refusal('MEDIA_INVALID'));
    expect(await findBlobByHash(stage.world.db, identityOf(made))).toBeUndefined();
  });

  it('a thumbnail goes with its document, unless another document has it', async () => {
    const [own, shared, other] = [randomBytes(300), randomBytes(301), randomBytes(5007)];
    const bytes = randomBytes(5006);
    const first = await upload(bytes, { thumb: await inputFile(own) });
    await upload(bytes, { thumb: await inputFile(shared), mime_type: 'video/mp4' });
    const kept = await upload(other, { thumb: await inputFile(shared) });
    expect(Buffer.compare(await read(first, 'm'), Uint8Array.from(own).reverse())).toBe(0);
    const deletion = await remove(identityOf(bytes), { blocks: true });
    expect(deletion?.thumbs).toEqual([await findBlobOfDocument(stage.world.db, thumbIdOf(first.id))]);
    expect(deletion?.isNewlyBlocked).toBe(true);
    await stage.world.clock.advance(2001);
    await expect(read(first, 'm')).rejects.toThrow(refusal('FILE_ID_INVALID'));
    expect(Buffer.compare(await read(kept, 'm'), Uint8Array.from(shared).reverse())).toBe(0);
    await expect(upload(bytes)).rejects.toThrow(refusal('MEDIA_INVALID'));
  });

  it('what is in a list that a user keeps stays in it, and cannot be loaded or kept again', async () => {
    const gif = { mime_type: 'video/mp4', attributes: [{ _: 'documentAttributeAnimated' } as const] };
    const bytes = randomBytes(5008);
    const { id, access_hash, file_reference } = await upload(bytes, gif);
    const { kept } = stage.world.domain.files;
    const change = { ownerId: alice, list: 'gifs', origin: ORIGIN } as const;
    const input = { _: 'inputDocument' as const, id, access_hash, file_reference };
    await kept.doKeep(change, input);
    expect(await remove(identityOf(bytes))).toMatchObject({ uses: { messages: 0, others: 1 } });
    await stage.world.clock.advance(2001);
    const [listed] = await kept.find(alice, 'gifs', await kept.listIds(alice, 'gifs'));
    await expect(read(listed!)).rejects.toThrow(refusal('FILE_ID_INVALID'));
    await expect(kept.doKeep(change, input)).rejects.toThrow(refusal('GIF_ID_INVALID'));
  });
});
