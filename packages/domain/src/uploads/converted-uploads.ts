import { hash } from 'node:crypto';
import type { MadePhoto } from '@aerogram/media';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../shared/index.ts';
import { type BlobWrites, checkNotBlocked, insertBlob, lockBlob, type NewBlob, prepareContent } from '../blobs/index.ts';
import { findDocumentOfContent, mayBeConverted, type StoredDocument } from '../documents/index.ts';
import { addDocument, type DocumentThumb, keepDocument, REUSED_S } from './add-document.ts';
import { type EarlierUpload, saveFinishedUpload, type UploadKey } from './finished-upload-store.ts';
import type { OwnThumbs } from './own-thumbs.ts';
import { createPhotoOutcomes, type PictureKey } from './photo-outcomes.ts';
import type { UnsentLimit } from './unsent-limit.ts';
import type { UploadContent } from './uploaded-files.ts';

/** A file that the server has made of an upload. */
export interface ConvertedFile {
  bytes: Uint8Array;
  mimeType: string;
  attributes: tl.DocumentAttribute[];
  /** Of the client. */
  thumb: DocumentThumb | undefined;
  /** A picture for the thumbnail, unless the client has sent one. */
  picture: MadePhoto | undefined;
}

/**
 * Documents with files that the server makes of uploads: videos of animated GIF files, because these are shorter and can be shown while they load (core.telegram.org/api/gifs), and WebP files
 * of the stickers that bots send.
 */
export interface ConvertedUploads {
  /**
   * Refuses an upload of which a file was made a short time ago that the user may not have now, without making it again.
   * @throws RpcError FLOOD_WAIT_%d (too many unsent files)
   */
  checkRoom(upload: UploadKey, content: UploadContent, input: tl.inputMediaUploadedDocument): Promise<void>;
  /**
   * Makes a document of the file that was made of an upload. The upload itself is not kept.
   * @throws RpcError FLOOD_WAIT_%d (too many unsent files), MEDIA_INVALID (an operator has blocked it)
   */
  doCreate(upload: UploadKey, content: UploadContent, file: ConvertedFile): Promise<StoredDocument>;
  /** Finds the document that an earlier call has made of an upload, which is gone. @returns undefined if there is none, or the upload has become something else */
  doFindEarlier(upload: UploadKey, content: UploadContent, input: tl.inputMediaUploadedDocument): Promise<StoredDocument | undefined>;
}

type Deps = Pick<DomainDeps, 'db' | 'clock' | 'random' | 'config' | 'fileStorage'>;

/** Creates the uploads. */
export function createConvertedUploads(deps: Deps, { writes, thumbs, unsentLimit }: { writes: BlobWrites; thumbs: OwnThumbs; unsentLimit: UnsentLimit }): ConvertedUploads {
  const { db, clock, config, fileStorage } = deps;
  const outcomes = createPhotoOutcomes(clock);
  const keyOf = ({ userId }: UploadKey, { identity }: UploadContent): PictureKey => ({ userId, identity, role: 'converted' });

  const checkSize = async (userId: bigint, size: number): Promise<void> => {
    const refusal = await unsentLimit.doFindRefusal(userId, size);
    if (refusal !== undefined) throw refusal;
  };

  const create = (making: { upload: UploadKey; noted: EarlierUpload; thumb: DocumentThumb | undefined } & Pick<ConvertedFile, 'mimeType' | 'attributes'>, blobOf: { identity: Uint8Array; added?: NewBlob }): Promise<StoredDocument | undefined> =>
    db.transact('create-converted', async (tx) => {
      const { upload, noted, mimeType, attributes, thumb } = making;
      await checkNotBlocked(tx, blobOf.identity);
      const blob = (await lockBlob(tx, blobOf.identity)) ?? (blobOf.added && (await insertBlob(tx, blobOf.added, clock.now())));
      if (blob === undefined) return undefined;
      const stored = await addDocument(tx, { ...deps, unsentLimit }, { userId: upload.userId, blob, mimeType, attributes, thumb });
      await saveFinishedUpload(tx, upload, noted, clock.now());
      return stored;
    });

  return {
    async checkRoom(upload, content, input) {
      const outcome = mayBeConverted(input) ? outcomes.find(keyOf(upload, content)) : undefined;
      if (outcome !== undefined && 'size' in outcome) await checkSize(upload.userId, outcome.size);
    },
    async doCreate(upload, uploaded, { bytes, mimeType, attributes, thumb, picture }) {
      const content = prepareContent(deps, bytes);
      const { identity, size } = content;
      outcomes.note(keyOf(upload, uploaded), { size });
      const ownThumb = thumb === undefined && picture !== undefined ? await thumbs.doStoreThumb(upload.userId, picture, size) : undefined;
      const making = { upload, noted: { ...uploaded, identity }, mimeType, attributes, thumb: thumb ?? ownThumb };
      await writes.replaceLostBytes(content);
      const added: NewBlob = { ...content, sha256: hash('sha256', bytes, 'buffer'), dcId: config.homeDcId };
      const store = async (): Promise<StoredDocument | undefined> => {
        // It may be longer than the upload.
        await checkSize(upload.userId, size);
        return writes.store(content, () => create(making, { identity, added }));
      };
      const created = (await create(making, { identity })) ?? (await store());
      await fileStorage.uploads.discard(upload.userId, upload.fileId);
      return created!;
    },
    doFindEarlier(upload, { finished, identity, size }, input) {
      if (finished !== undefined || !mayBeConverted(input)) return Promise.resolve(undefined);
      return db.transact('find-converted', async (tx) => {
        const blob = await lockBlob(tx, identity);
        // A blob of the size of the upload is the upload itself, which was not converted.
        if (blob === undefined || blob.size === size) return undefined;
        const document = await findDocumentOfContent(tx, { identity, userId: upload.userId, afterDate: clock.now() - REUSED_S });
        if (document === undefined) return undefined;
        await keepDocument(tx, document);
        return { id: document.id, uploaderId: upload.userId, document, blob };
      });
    },
  };
}
