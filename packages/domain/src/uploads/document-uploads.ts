import { type FinishedUpload, HASH_BYTES, HASHED_FILE_MAX } from '@aerogram/blob';
import type { Sides } from '@aerogram/media';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../shared/index.ts';
import { type BlobWrites, checkNotBlocked, insertBlob, lockBlob, type NewBlob, type NewContent, uploadsMetric } from '../blobs/index.ts';
import { cleanMimeType, describeBotFile, describeDocument, prepareAttributes, type StoredDocument } from '../documents/index.ts';
import { addDocument, type DocumentThumb } from './add-document.ts';
import type { ConvertedFile, ConvertedUploads } from './converted-uploads.ts';
import type { DocumentFacts, SeenFile } from './document-facts.ts';
import { saveFinishedUpload, type UploadKey } from './finished-upload-store.ts';
import type { OwnThumbs } from './own-thumbs.ts';
import { type StickerFiles, stickerOf } from './sticker-file.ts';
import type { UnsentLimit } from './unsent-limit.ts';
import type { UploadContent, UploadedFiles } from './uploaded-files.ts';
import { isBotUploader } from './uploader.ts';
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
  content: UploadContent;
  /** Clean. */
  mimeType: string;
  attributes: tl.DocumentAttribute[];
  thumb: DocumentThumb | undefined;
}

interface Parts {
  uploads: Pick<UploadedFiles, 'useUpload' | 'askAgain'>;
  writes: BlobWrites;
  facts: DocumentFacts;
  thumbs: OwnThumbs;
  conversions: ConvertedUploads;
  stickers: StickerFiles;
  unsentLimit: UnsentLimit;
}

type Deps = Pick<DomainDeps, 'db' | 'clock' | 'random' | 'config' | 'metrics' | 'fileStorage'>;

/** Creates the uploads. */
export function createDocumentUploads(deps: Deps, { uploads, writes, facts, thumbs, conversions, stickers, unsentLimit }: Parts): DocumentUploads {
  const { db, clock, random, config, fileStorage } = deps;
  const uploadsCount = deps.metrics.counter(uploadsMetric);

  /**
   * Makes a document of a blob.
   * @param added the blob to store if there is none of this identity; its bytes are in the store
   * @returns undefined if there is no blob of this identity and none to store
   */
  const createDocument = ({ upload, content, mimeType, attributes, thumb }: Making, added?: NewBlob): Promise<StoredDocument | undefined> =>
    db.transact('create-document', async (tx) => {
      const date = clock.now();
      const { identity } = content;
      await checkNotBlocked(tx, identity);
      const blob = (await lockBlob(tx, identity)) ?? (added && (await insertBlob(tx, added, date)));
      // An upload that has become a photo has a blob of another size, with the sizes of the photo.
      if (blob?.size !== content.size) return undefined;
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
          return finishUpload({ upload, content, mimeType: cleanMimeType(input.mime_type), attributes: seen?.attributes ?? describeDocument(input, undefined), thumb: thumb ?? ownThumb });
        }
        const earlier = await conversions.doFindEarlier(upload, content, input);
        if (earlier !== undefined) return earlier;
        await conversions.checkRoom(upload, content, input);
        const isOfBot = input.attributes.some(({ _ }) => CLAIMS.has(_)) && (await isBotUploader(db, userId));
        const seen = await facts.find(upload, content, input, isOfBot);
        const converted = convertedIn(seen, input);
        if (converted !== undefined) return conversions.doCreate(upload, content, { ...converted, thumb });
        const described = describe(input, seen, { size: content.size, isOfBot });
        const attributes = await stickers.checkSticker(upload, content, { ...described, facts: seen.kind === 'media' ? seen.facts : undefined });
        const ownThumb = thumb === undefined && 'picture' in seen && seen.picture !== undefined ? await thumbs.doStoreThumb(userId, seen.picture, content.size) : undefined;
        return finishUpload({ upload, content, mimeType: described.mimeType, attributes, thumb: thumb ?? ownThumb });
      }),
  };
}

/** Attributes by which a client says more of a file than its name and type. */
const CLAIMS: ReadonlySet<tl.DocumentAttribute['_']> = new Set(['documentAttributeVideo', 'documentAttributeAudio', 'documentAttributeAnimated', 'documentAttributeSticker']);

/** The file that the server has made of an upload, and how it is described. @returns undefined if it has made none */
function convertedIn(seen: SeenFile, { attributes }: tl.inputMediaUploadedDocument): Omit<ConvertedFile, 'thumb'> | undefined {
  // The video of a GIF file is no sticker, whatever the client calls it.
  const others = attributes.filter(({ _ }) => _ !== 'documentAttributeSticker');
  if (seen.kind === 'media' && seen.animation !== undefined) {
    const { facts, animation: bytes, picture } = seen;
    const described = describeDocument({ attributes: [...others.map(nameVideo), { _: 'documentAttributeAnimated' }] }, { ...facts, waveform: undefined, size: bytes.length });
    return { bytes, mimeType: 'video/mp4', attributes: described, picture };
  }
  return seen.kind === 'picture' && seen.sticker !== undefined ? stickerOf(seen.sticker.bytes, attributes, seen.picture) : undefined;
}

/** The name of the video that is made of a GIF file. */
function nameVideo(attribute: tl.DocumentAttribute): tl.DocumentAttribute {
  return attribute._ === 'documentAttributeFilename' ? { ...attribute, file_name: `${attribute.file_name}.mp4` } : attribute;
}

/** The type and the attributes of a document, by what its client says of it and what the server has seen. */
function describe(input: tl.inputMediaUploadedDocument, seen: SeenFile, { size, isOfBot }: { size: number; isOfBot: boolean }): Pick<Making, 'mimeType' | 'attributes'> {
  const facts = seen.kind === 'media' ? { ...seen.facts, waveform: seen.waveform, size } : undefined;
  const { mimeType, attributes } = isOfBot
    ? describeBotFile(input, facts !== undefined ? { kind: 'media', facts } : seen.kind === 'picture' ? { kind: 'picture', mimeType: seen.mimeType } : { kind: seen.kind === 'other' ? 'other' : 'unknown' })
    : { mimeType: cleanMimeType(input.mime_type), attributes: describeDocument(input, facts) };
  return { mimeType, attributes: seen.kind === 'picture' && seen.source !== undefined ? withSides(attributes, seen.source) : attributes };
}

/** The attributes of a picture, with the sides that it has. */
function withSides(attributes: readonly tl.DocumentAttribute[], { width: w, height: h }: Sides): tl.DocumentAttribute[] {
  const size = prepareAttributes([{ _: 'documentAttributeImageSize', w, h }]);
  const isSaid = attributes.some(({ _ }) => _ === 'documentAttributeImageSize');
  return isSaid ? attributes.flatMap((attribute) => (attribute._ === 'documentAttributeImageSize' ? size : attribute)) : [...attributes, ...size];
}
