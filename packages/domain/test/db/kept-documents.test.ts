import { randomBytes } from 'node:crypto';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { thumbIdOf } from '../../src/documents/document-id.ts';
import { uploadedPhotos } from './accounts-world.ts';
import { createFileStage, type FileStage, ORIGIN, ownProfile } from './file-stage.ts';

const DAY_MS = 86_000_000;

describe('documents and photos that were uploaded and are named later', () => {
  let stage: FileStage;
  let alice: bigint;
  let bob: bigint;
  beforeAll(async () => {
    stage = await createFileStage({}, { photos: uploadedPhotos });
  });
  afterAll(() => stage[Symbol.asyncDispose]());
  beforeEach(async () => {
    [alice, bob] = [await stage.signUp('Alice'), await stage.signUp('Bob')];
  });

  const upload = async (): Promise<tl.inputFile> => {
    const id = stage.nextId();
    await stage.world.domain.files.doSavePart({ userId: alice, fileId: id, part: 0, totalParts: undefined }, randomBytes(1000));
    return { _: 'inputFile', id, parts: 1, name: 'a', md5_checksum: '' };
  };
  const STICKER: tl.DocumentAttribute[] = [
    { _: 'documentAttributeImageSize', w: 512, h: 512 },
    { _: 'documentAttributeSticker', alt: 'A', stickerset: { _: 'inputStickerSetEmpty' } },
  ];
  const uploadSticker = async (): Promise<tl.document> => {
    const input: tl.inputMediaUploadedDocument = { _: 'inputMediaUploadedDocument', file: await upload(), thumb: await upload(), mime_type: 'application/x-tgsticker', attributes: STICKER };
    return (await stage.world.domain.files.doUploadMedia(alice, input)).document as tl.document;
  };
  const inputOf = ({ id, access_hash, file_reference }: tl.document): tl.inputDocument => ({ _: 'inputDocument', id, access_hash, file_reference });
  const photoInputOf = ({ id, access_hash, file_reference }: tl.photo): tl.inputPhoto => ({ _: 'inputPhoto', id, access_hash, file_reference });
  const nameAgain = async (document: tl.document): Promise<tl.document> => (await stage.world.domain.files.doUploadMedia(alice, { _: 'inputMediaDocument', id: inputOf(document) })).document as tl.document;
  const rowsOf = async (ids: readonly bigint[]): Promise<number> => (await stage.world.db.q.selectFrom('documents').select('document_id').where('document_id', 'in', ids).execute()).length;
  /** Deletes the rows as the collection does. This process still has them in its cache. */
  const collect = (ids: readonly bigint[]): Promise<unknown> => stage.world.db.q.deleteFrom('documents').where('document_id', 'in', ids).execute();
  const keep = (document: tl.document): Promise<void> => stage.world.domain.files.kept.doKeep({ ownerId: alice, list: 'favedStickers', origin: ORIGIN }, inputOf(document));

  it('are there as long as the last reference is valid, and their thumbnails, too', async () => {
    const { files } = stage.world.domain;
    let document = await uploadSticker();
    let photo = (await files.photos.doUploadMedia(alice, { _: 'inputMediaUploadedPhoto', file: await upload() })).photo as tl.photo;
    const ids = [document.id, thumbIdOf(document.id), photo.id];
    await stage.runJob('collect-files');
    for (let day = 0; day < 8; day++) {
      await stage.world.clock.advance(DAY_MS);
      document = await nameAgain(document);
      photo = (await files.photos.doUploadMedia(alice, { _: 'inputMediaPhoto', id: photoInputOf(photo) })).photo as tl.photo;
      await stage.runJob('collect-files');
    }
    expect(await rowsOf(ids)).toBe(3);
    await keep(document);
    await stage.send(alice, bob, await files.photos.doPrepareMedia(alice, { _: 'inputMediaPhoto', id: photoInputOf(photo) }));
    for (let day = 0; day < 9; day++) {
      await stage.world.clock.advance(DAY_MS);
      await stage.runJob('collect-files');
    }
    expect(await rowsOf(ids)).toBe(3);
  });

  it('are deleted a week after they were named last', async () => {
    const document = await nameAgain(await uploadSticker());
    for (let day = 0; day < 9; day++) {
      await stage.runJob('collect-files');
      await stage.world.clock.advance(DAY_MS);
    }
    expect(await rowsOf([document.id, thumbIdOf(document.id)])).toBe(0);
  });

  it('cannot be kept or named again once they were collected', async () => {
    const document = await nameAgain(await uploadSticker());
    await collect([document.id]);
    await expect(keep(document)).rejects.toMatchObject({ text: 'STICKER_ID_INVALID' });
    expect(await stage.world.domain.files.kept.listIds(alice, 'favedStickers')).toEqual([]);
    await expect(nameAgain(document)).rejects.toMatchObject({ text: 'DOCUMENT_INVALID' });
  });

  it('cannot become the photo of a profile once they were collected', async () => {
    const { profilePhotos, files } = stage.world.domain;
    const photo = await profilePhotos.doUpload(ownProfile(alice), { file: await upload() });
    const sent = await stage.send(alice, bob, { _: 'messageMediaPhoto', photo: { ...photo, access_hash: 0n, file_reference: new Uint8Array() } });
    await profilePhotos.doDelete(ownProfile(alice), [photo.id]);
    const [named] = await files.photos.find(stage.world.db, [photo.id], { kind: 'message', msgId: sent.msg_id });
    await files.photos.accessProfile(alice, photoInputOf(named!));
    await collect([photo.id]);
    await expect(profilePhotos.doSelect(ownProfile(alice), photoInputOf(named!))).rejects.toMatchObject({ text: 'PHOTO_ID_INVALID' });
    expect(await stage.world.db.q.selectFrom('kept_documents').select('list').where('document_id', '=', photo.id).execute()).toEqual([]);
  });
});
