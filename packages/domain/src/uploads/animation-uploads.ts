import { hash } from 'node:crypto';
import type { MediaDescription } from '@aerogram/media';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../shared/index.ts';
import { type BlobWrites, checkNotBlocked, insertBlob, lockBlob, type NewBlob, prepareContent } from '../blobs/index.ts';
import { describeDocument, findDocumentOfContent, isConverted, type StoredDocument } from '../documents/index.ts';
import { addDocument, type DocumentThumb, keepDocument, REUSED_S } from './add-document.ts';
import { type EarlierUpload, saveFinishedUpload, type UploadKey } from './finished-upload-store.ts';
import type { OwnThumbs } from './own-thumbs.ts';
import { createPhotoOutcomes, type PictureKey } from './photo-outcomes.ts';
import type { UnsentLimit } from './unsent-limit.ts';
import type { UploadContent } from './uploaded-files.ts';

const VIDEO_TYPE = 'video/mp4';

/** A GIF file that was made a video. */
interface Converted {
  input: tl.inputMediaUploadedDocument;
  /** Of the client. */
  thumb: DocumentThumb | undefined;
  description: MediaDescription & { animation: Uint8Array };
}

/** Documents with the videos that the server makes of animated GIF files, because these are shorter and can be shown while they load (core.telegram.org/api/gifs). */
export interface AnimationUploads {
  /**
   * Refuses a GIF file of which a video was made a short time ago that the user may not have now, without making it again.
   * @throws RpcError FLOOD_WAIT_%d (too many unsent files)
   */
  checkRoom(upload: UploadKey, content: UploadContent, input: tl.inputMediaUploadedDocument): Promise<void>;
  /**
   * Makes a document of the video that was made of an uploaded GIF file. The GIF file itself is not kept.
   * @throws RpcError FLOOD_WAIT_%d (too many unsent files), MEDIA_INVALID (an operator has blocked it)
   */
  doCreate(upload: UploadKey, content: UploadContent, converted: Converted): Promise<StoredDocument>;
  /** Finds the document that an earlier call has made of an upload, which is gone. @returns undefined if there is none, or the upload has become something else */
  doFindEarlier(upload: UploadKey, content: UploadContent, input: tl.inputMediaUploadedDocument): Promise<StoredDocument | undefined>;
}

type Deps = Pick<DomainDeps, 'db' | 'clock' | 'random' | 'config' | 'fileStorage'>;

/** Creates the uploads. */
export function createAnimationUploads(deps: Deps, { writes, thumbs, unsentLimit }: { writes: BlobWrites; thumbs: OwnThumbs; unsentLimit: UnsentLimit }): AnimationUploads {
  const { db, clock, config, fileStorage } = deps;
  const outcomes = createPhotoOutcomes(clock);
  const keyOf = ({ userId }: UploadKey, { identity }: UploadContent): PictureKey => ({ userId, identity, role: 'animation' });

  const checkSize = async (userId: bigint, size: number): Promise<void> => {
    const refusal = await unsentLimit.doFindRefusal(userId, size);
    if (refusal !== undefined) throw refusal;
  };

  const create = (making: { upload: UploadKey; noted: EarlierUpload; attributes: tl.DocumentAttribute[]; thumb: DocumentThumb | undefined }, blobOf: { identity: Uint8Array; added?: NewBlob }): Promise<StoredDocument | undefined> =>
    db.transact('create-animation', async (tx) => {
      const { upload, noted, attributes, thumb } = making;
      await checkNotBlocked(tx, blobOf.identity);
      const blob = (await lockBlob(tx, blobOf.identity)) ?? (blobOf.added && (await insertBlob(tx, blobOf.added, clock.now())));
      if (blob === undefined) return undefined;
      const stored = await addDocument(tx, { ...deps, unsentLimit }, { userId: upload.userId, blob, mimeType: VIDEO_TYPE, attributes, thumb });
      await saveFinishedUpload(tx, upload, noted, clock.now());
      return stored;
    });

  return {
    async checkRoom(upload, content, input) {
      const outcome = isConverted(input) ? outcomes.find(keyOf(upload, content)) : undefined;
      if (outcome !== undefined && 'size' in outcome) await checkSize(upload.userId, outcome.size);
    },
    async doCreate(upload, uploaded, { input, thumb, description: { facts, picture, animation } }) {
      const content = prepareContent(deps, animation);
      const { identity, size } = content;
      outcomes.note(keyOf(upload, uploaded), { size });
      // The video of a GIF file is no sticker, whatever the client calls it.
      const others = input.attributes.filter(({ _ }) => _ !== 'documentAttributeSticker');
      const attributes = describeDocument({ attributes: [...others.map(nameVideo), { _: 'documentAttributeAnimated' }] }, { ...facts, waveform: undefined, size });
      const ownThumb = thumb === undefined && picture !== undefined ? await thumbs.doStoreThumb(upload.userId, picture, size) : undefined;
      const making = { upload, noted: { ...uploaded, identity }, attributes, thumb: thumb ?? ownThumb };
      await writes.replaceLostBytes(content);
      const added: NewBlob = { ...content, sha256: hash('sha256', animation, 'buffer'), dcId: config.homeDcId };
      const store = async (): Promise<StoredDocument | undefined> => {
        // The video may be longer than the GIF file.
        await checkSize(upload.userId, size);
        return writes.store(content, () => create(making, { identity, added }));
      };
      const created = (await create(making, { identity })) ?? (await store());
      await fileStorage.uploads.discard(upload.userId, upload.fileId);
      return created!;
    },
    doFindEarlier(upload, { finished, identity, size }, input) {
      if (finished !== undefined || !isConverted(input)) return Promise.resolve(undefined);
      return db.transact('find-animation', async (tx) => {
        const blob = await lockBlob(tx, identity);
        // A blob of the size of the upload is the GIF file, which was not converted.
        if (blob === undefined || blob.size === size) return undefined;
        const document = await findDocumentOfContent(tx, { identity, userId: upload.userId, afterDate: clock.now() - REUSED_S });
        if (document === undefined) return undefined;
        await keepDocument(tx, document);
        return { id: document.id, uploaderId: upload.userId, document, blob };
      });
    },
  };
}

/** The name of the video that is made of a GIF file. */
function nameVideo(attribute: tl.DocumentAttribute): tl.DocumentAttribute {
  return attribute._ === 'documentAttributeFilename' ? { ...attribute, file_name: `${attribute.file_name}.mp4` } : attribute;
}
