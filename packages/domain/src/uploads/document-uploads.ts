import { type FinishedUpload, HASH_BYTES, HASHED_FILE_MAX } from '@aerogram/blob';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../shared/index.ts';
import { type BlobWrites, checkNotBlocked, insertBlob, lockBlob, type NewBlob, type NewContent, uploadsMetric } from '../blobs/index.ts';
import { cleanMimeType, describeDocument, type StoredDocument } from '../documents/index.ts';
import { addDocument, type DocumentThumb } from './add-document.ts';
import type { AnimationUploads } from './animation-uploads.ts';
import type { DocumentFacts } from './document-facts.ts';
import { saveFinishedUpload, type UploadKey } from './finished-upload-store.ts';
import type { OwnThumbs } from './own-thumbs.ts';
import type { StickerFiles } from './sticker-file.ts';
import type { UnsentLimit } from './unsent-limit.ts';
import type { UploadContent, UploadedFiles } from './uploaded-files.ts';
import type { SeenPicture } from './see-wallpaper.ts';

/** Documents made of uploads. */
export interface DocumentUploads {
  /**
   * Makes a document of an uploaded file. As long as no message refers to it, the same content with the same attributes gives its uploader the same
   * document for a day; afterwards, another one.
   * @param see looks at the upload itself, instead of what is usually read from audio and video
   * @throws RpcError as {@link UploadedFiles.useUpload}
   */
  doCreateDocument(userId: bigint, input: tl.inputMediaUploadedDocument, thumb?: DocumentThumb, see?: SeeUpload): Promise<StoredDocument>;
}

/** Looks at an upload. @returns undefined if its bytes are not there any longer; the document if one was made of it before */
export type SeeUpload = (upload: UploadKey, content: UploadContent) => Promise<SeenPicture | StoredDocument | undefined>;

/** What a document is made of: an upload with its content, what the client says about it, and the thumbnail. */
interface Making {
  upload: UploadKey;
  input: tl.inputMediaUploadedDocument;
  content: UploadContent;
  attributes: tl.DocumentAttribute[];
  thumb: DocumentThumb | undefined;
}

interface Parts {
  uploads: Pick<UploadedFiles, 'useUpload' | 'askAgain'>;
  writes: BlobWrites;
  facts: DocumentFacts;
  thumbs: OwnThumbs;
  animations: AnimationUploads;
  stickers: StickerFiles;
  unsentLimit: UnsentLimit;
}

type Deps = Pick<DomainDeps, 'db' | 'clock' | 'random' | 'config' | 'metrics' | 'fileStorage'>;

/** Creates the uploads. */
export function createDocumentUploads(deps: Deps, { uploads, writes, facts, thumbs, animations, stickers, unsentLimit }: Parts): DocumentUploads {
  const { db, clock, random, config, fileStorage } = deps;
  const uploadsCount = deps.metrics.counter(uploadsMetric);

  /**
   * Makes a document of a blob.
   * @param added the blob to store if there is none of this identity; its bytes are in the store
   * @returns undefined if there is no blob of this identity and none to store
   */
  const createDocument = ({ upload, input, content, attributes, thumb }: Making, added?: NewBlob): Promise<StoredDocument | undefined> =>
    db.transact('create-document', async (tx) => {
      const date = clock.now();
      const { identity } = content;
      await checkNotBlocked(tx, identity);
      const blob = (await lockBlob(tx, identity)) ?? (added && (await insertBlob(tx, added, date)));
      // An upload that has become a photo has a blob of another size, with the sizes of the photo.
      if (blob?.size !== content.size) return undefined;
      const mimeType = cleanMimeType(input.mime_type);
      const stored = await addDocument(tx, { clock, random, config, unsentLimit }, { userId: upload.userId, blob, mimeType, attributes, thumb });
      await saveFinishedUpload(tx, upload, content, date);
      return stored;
    });

  const contentOf = (finished: FinishedUpload): NewContent => ({ ...finished, put: () => fileStorage.uploads.putInto(fileStorage.store, finished) });

  /** The SHA-256 of a whole file; null for long ones, because it takes another pass over the file. That of a file that is one block is known. */
  const findWholeHash = async (finished: FinishedUpload): Promise<Uint8Array | null> => {
    if (finished.blockHashes.length === HASH_BYTES) return finished.blockHashes;
    return finished.size > HASHED_FILE_MAX ? null : Buffer.from(await fileStorage.uploads.hashWhole(finished, 'sha256'), 'hex');
  };

  /** Puts a finished upload into the store, and makes a document of it. */
  const storeDocument = async (making: Making, finished: FinishedUpload): Promise<StoredDocument | undefined> => {
    const sha256 = await findWholeHash(finished);
    return writes.store(contentOf(finished), () => createDocument(making, { ...finished, sha256, dcId: config.homeDcId }));
  };

  const finishUpload = async (making: Making): Promise<StoredDocument> => {
    const { upload, content: { finished } } = making;
    if (finished !== undefined) await writes.replaceLostBytes(contentOf(finished));
    let created = await createDocument(making);
    if (created === undefined && finished !== undefined) created = await storeDocument(making, finished);
    // The blob was collected since the upload ended.
    if (created === undefined) throw await uploads.askAgain(upload);
    if (finished !== undefined) {
      if (created.blob.name !== finished.name) uploadsCount.inc({ content: 'known' });
      await fileStorage.uploads.discard(upload.userId, upload.fileId);
    }
    return created;
  };

  return {
    doCreateDocument: (userId, input, thumb, see) =>
      uploads.useUpload(userId, input.file, async (upload, content) => {
        if (see !== undefined) {
          const seen = await see(upload, content);
          if (seen !== undefined && 'document' in seen) return seen;
          const ownThumb = seen?.picture && (await thumbs.doStoreThumb(userId, seen.picture, content.size));
          return finishUpload({ upload, input, content, attributes: seen?.attributes ?? describeDocument(input, undefined), thumb: thumb ?? ownThumb });
        }
        const earlier = await animations.doFindEarlier(upload, content, input);
        if (earlier !== undefined) return earlier;
        await animations.checkRoom(upload, content, input);
        const known = await facts.find(upload, content, input);
        if (known?.animation !== undefined) return animations.doCreate(upload, content, { input, thumb, description: { ...known, animation: known.animation } });
        const described = describeDocument(input, known && { ...known.facts, waveform: known.waveform, size: content.size });
        const attributes = await stickers.checkSticker(upload, content, { mimeType: cleanMimeType(input.mime_type), attributes: described, facts: known?.facts });
        const ownThumb = known?.picture && (await thumbs.doStoreThumb(userId, known.picture, content.size));
        return finishUpload({ upload, input, content, attributes, thumb: thumb ?? ownThumb });
      }),
  };
}
