import { isDeepStrictEqual } from 'node:util';

import { newPresentedId } from '@aerogram/cluster';
import { RpcError, rpcError } from '@aerogram/errors';
import { type MadeAvatar, type MadePhoto, PHOTO_BYTES_MAX, type PhotoUse } from '@aerogram/media';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../shared/index.ts';
import { type BlobReader, type BlobRow, type BlobWrites, checkNotBlocked, insertBlob, lockBlob, type NewContent, prepareContent } from '../blobs/index.ts';
import {
  checkPicture,
  findMadeEmojiIn,
  findPhotoOfContent,
  findPhotos,
  insertDocument,
  isProfilePhoto,
  markupOf,
  type PictureMarkup,
  type ProfilePicture,
  type ProfileUpload,
  projectSizes,
  projectVideo,
  readMarkupPicture,
  type StoredPhoto,
  thumbIdOf,
  thumbOf,
} from '../documents/index.ts';
import { type DocumentThumb, REUSED_S } from './add-document.ts';
import { type EarlierUpload, saveFinishedUpload, type UploadKey } from './finished-upload-store.ts';
import type { OwnThumbs } from './own-thumbs.ts';
import { photoIn, REFUSALS, videoIn } from './lane-results.ts';
import { createPhotoOutcomes, type PhotoOutcomes, type PictureKey } from './photo-outcomes.ts';
import type { UnsentLimit, WantedRoom } from './unsent-limit.ts';
import { keepUnsent, lockUploader } from './unsent-store.ts';
import type { UploadBytes, UploadedBytes } from './uploaded-bytes.ts';
import type { UploadContent, UploadedFiles } from './uploaded-files.ts';
import { isBotUploader } from './uploader.ts';

/** How old a photo may be whose sizes a repeated call takes, in seconds: upload and photo are known for a day each. The collection deletes none that is younger than a week. */
const KNOWN_S = 3 * REUSED_S;

/** Photos made of uploads. */
export interface PhotoUploads extends OwnThumbs {
  /**
   * Makes a photo of an uploaded picture. As long as no message refers to it, the same picture gives its uploader the same photo for a day.
   * @throws RpcError PHOTO_EXT_INVALID (no JPEG, PNG or WebP), PHOTO_INVALID_DIMENSIONS, IMAGE_PROCESS_FAILED (damaged, too long, or this server cannot process
   * photos), and as {@link UploadedFiles.useUpload}
   */
  doCreatePhoto(userId: bigint, input: tl.inputMediaUploadedPhoto): Promise<StoredPhoto>;
  /**
   * Makes a square photo for the profile of a user or chat, with the video if there is one. Of an emoji or sticker without a picture, one is drawn. As long as nothing refers to it, the same picture gives its uploader the
   * same photo for a day.
   * @throws RpcError PHOTO_CROP_SIZE_SMALL, VIDEO_FILE_INVALID, PHOTO_FILE_MISSING (also if there is only a video, and this server can make no picture of it), and
   * as {@link checkPicture} and {@link PhotoUploads.doCreatePhoto}
   */
  doCreateProfilePhoto(userId: bigint, picture: ProfilePicture): Promise<StoredPhoto>;
  /**
   * Makes such a square photo of a picture that is stored already. The same picture gives the same photo, as with {@link PhotoUploads.doCreateProfilePhoto}.
   * @throws RpcError PHOTO_CROP_SIZE_SMALL, IMAGE_PROCESS_FAILED, MEDIA_INVALID (an operator has blocked what would be made), FLOOD_WAIT_%d
   */
  doCropForProfile(userId: bigint, picture: UploadBytes & { identity: Uint8Array }): Promise<StoredPhoto>;
  /**
   * Makes the thumbnail of a document of an uploaded picture. A document can do without, so no picture is refused.
   * @param documentId the document, which is made afterwards
   * @returns the sizes for the document; undefined if there is no thumbnail
   */
  doCreateThumb(userId: bigint, file: tl.InputFile, documentId: bigint): Promise<tl.PhotoSize[] | undefined>;
}

/** How a photo is made of a blob. */
interface PhotoMaking {
  /** Of the blob with the sizes. */
  identity: Uint8Array;
  /** Absent if an earlier call has processed the picture. */
  prepared: PreparedPhoto | undefined;
  /** Whether the bytes of `prepared` are in the store. */
  isStored: boolean;
  target: PhotoTarget;
}

/** The photo of a profile, with what moves on it. */
type ProfileTarget = { role: 'profile' } & Pick<ProfileUpload, 'video' | 'markup'>;

/** What is made of an upload: a photo, or the thumbnail of a document, which is made afterwards. */
type PhotoTarget = { role: 'message' } | ProfileTarget | { role: 'thumb'; documentId: bigint };

/** An upload of which something is made. */
interface UsedUpload {
  upload: UploadKey;
  content: UploadContent;
}

/** An upload of which a photo was made, with the content that is noted for calls that are repeated. */
interface UploadOfPhoto {
  upload: UploadKey;
  content: EarlierUpload;
}

/** A photo whose sizes are in the store. */
interface NewPhoto {
  userId: bigint;
  /** Of a thumbnail: its document. */
  documentId: bigint | undefined;
  sizes: tl.PhotoSize[];
  videos: tl.VideoSize[] | undefined;
  blob: BlobRow;
  /** What must find room besides the photo. */
  later?: WantedRoom;
}

/** A thumbnail that the server has made, of a document that is made afterwards. */
interface OwnThumb {
  userId: bigint;
  documentId: bigint;
  documentSize: number;
  prepared: PreparedPhoto;
}

/** The sizes of a photo, and the content of the blob that holds them. */
interface PreparedPhoto {
  sizes: tl.PhotoSize[];
  videos: tl.VideoSize[] | undefined;
  content: NewContent;
}

interface Parts {
  uploads: Pick<UploadedFiles, 'useUpload' | 'askAgain'>;
  writes: BlobWrites;
  uploadBytes: UploadedBytes;
  unsentLimit: UnsentLimit;
  reader: Pick<BlobReader, 'read'>;
}

type Deps = Pick<DomainDeps, 'db' | 'clock' | 'random' | 'config' | 'fileStorage' | 'photos' | 'media'>;

/** Creates the uploads of photos. */
export function createPhotoUploads(deps: Deps, parts: Parts): PhotoUploads {
  return new PhotoMaker(deps, parts);
}

class PhotoMaker implements PhotoUploads {
  readonly #deps: Deps;
  readonly #parts: Parts;
  readonly #outcomes: PhotoOutcomes;

  constructor(deps: Deps, parts: Parts) {
    this.#deps = deps;
    this.#parts = parts;
    this.#outcomes = createPhotoOutcomes(deps.clock);
  }

  async doStoreThumb(userId: bigint, photo: MadePhoto, documentSize: number): Promise<DocumentThumb | undefined> {
    const { random, config } = this.#deps;
    const [documentId, prepared] = [newPresentedId(random, config.homeDcId), this.#prepareSizes(thumbOf(photo))];
    return (await resultUnlessRefused(this.#storeThumb({ userId, documentId, documentSize, prepared }))) && { documentId, sizes: prepared.sizes };
  }

  doCreatePhoto(userId: bigint, input: tl.inputMediaUploadedPhoto): Promise<StoredPhoto> {
    return this.#create(userId, input.file, { role: 'message' });
  }

  async doCreateProfilePhoto(userId: bigint, picture: ProfilePicture): Promise<StoredPhoto> {
    const { file, video, markup } = checkPicture(picture, await findMadeEmojiIn(this.#deps.db, picture));
    return file === undefined ? this.#createDrawn(userId, markup!) : this.#create(userId, file, { role: 'profile', video, markup });
  }

  async doCropForProfile(userId: bigint, { identity, ...picture }: UploadBytes & { identity: Uint8Array }): Promise<StoredPhoto> {
    const prepared = await this.#prepare({ userId, identity, role: 'profile' }, picture);
    return this.#createOfNothing(userId, prepared, undefined);
  }

  async doCreateThumb(userId: bigint, file: tl.InputFile, documentId: bigint): Promise<tl.PhotoSize[] | undefined> {
    return (await resultUnlessRefused(this.#create(userId, file, { role: 'thumb', documentId })))?.photo.sizes;
  }

  /** Draws an emoji or sticker on its background, for apps that do not do so themselves. */
  async #createDrawn(userId: bigint, markup: PictureMarkup): Promise<StoredPhoto> {
    if (this.#deps.photos === undefined) throw rpcError('IMAGE_PROCESS_FAILED');
    const { bytes, backdrop } = await readMarkupPicture(markup, (id) => this.#readThumbOf(id));
    const made = photoIn(await this.#deps.photos.make(userId, 'profile', (length) => Promise.resolve(bytes.subarray(0, length)), backdrop));
    return this.#createOfNothing(userId, this.#prepareSizes(made, { markup }), markup);
  }

  /** The thumbnail of a custom emoji that somebody has made. @throws RpcError PHOTO_FILE_MISSING (it has none, or an operator has deleted it) */
  async #readThumbOf(emojiId: bigint): Promise<Uint8Array> {
    const thumb = (await findPhotos(this.#deps.db, [thumbIdOf(emojiId)])).get(thumbIdOf(emojiId));
    const [size] = thumb?.photo.sizes.flatMap((one) => (one._ === 'photoSize' ? [one] : [])) ?? [];
    if (thumb === undefined || size === undefined) throw rpcError('PHOTO_FILE_MISSING');
    return this.#parts.reader.read(thumb.blob, 0, size.size);
  }

  /** Makes the photo of a profile of a picture that is no upload. */
  async #createOfNothing(userId: bigint, prepared: PreparedPhoto, markup: PictureMarkup | undefined): Promise<StoredPhoto> {
    const created = await this.#createOf(userId, [], prepared, { role: 'profile', video: undefined, markup });
    if (created === undefined) throw rpcError('IMAGE_PROCESS_FAILED');
    return created;
  }

  async #makePhoto(key: PictureKey, { size, read }: UploadBytes): Promise<MadePhoto> {
    if (this.#deps.photos === undefined || size > PHOTO_BYTES_MAX) throw rpcError('IMAGE_PROCESS_FAILED');
    const result = await this.#deps.photos.make(key.userId, await this.#useOf(key), (length = size) => read(0, Math.min(length, size)));
    if (result.outcome === 'refused') this.#outcomes.note(key, { refusal: result.reason });
    return photoIn(result);
  }

  /** What is made of a picture. As with the official server, photos that bots send are smaller than those of people. */
  async #useOf({ userId, role }: PictureKey): Promise<PhotoUse> {
    if (role === 'thumb' || role === 'profile') return role;
    return (await isBotUploader(this.#deps.db, userId)) ? 'bot' : 'message';
  }

  /** Refuses a picture that was refused a short time ago, or whose photo did not fit into the user's limit of unsent files, without processing it again. */
  async #checkOutcome(key: PictureKey): Promise<void> {
    const outcome = this.#outcomes.find(key);
    if (outcome === undefined) return;
    if ('refusal' in outcome) throw rpcError(REFUSALS[outcome.refusal]);
    const refusal = await this.#parts.unsentLimit.doFindRefusal(key.userId, outcome.size);
    if (refusal !== undefined) throw refusal;
  }

  async #prepare(key: PictureKey, picture: UploadBytes, markup?: PictureMarkup): Promise<PreparedPhoto> {
    await this.#checkOutcome(key);
    const photo = await this.#makePhoto(key, picture);
    const prepared = this.#prepareSizes(key.role === 'thumb' ? thumbOf(photo) : photo, { markup });
    this.#outcomes.note(key, { size: prepared.content.size });
    return prepared;
  }

  #prepareSizes(made: MadePhoto, { video, markup }: { video?: MadeAvatar; markup?: PictureMarkup | undefined } = {}): PreparedPhoto {
    const videos = [...(video === undefined ? [] : [projectVideo(video)]), ...(markup === undefined ? [] : [markup])];
    return {
      sizes: projectSizes(made),
      videos: videos.length === 0 ? undefined : videos,
      content: prepareContent(this.#deps, Buffer.concat([...made.sizes, ...(video === undefined ? [] : [video])].map(({ bytes }) => bytes))),
    };
  }

  /** Sizes of a picture with its video. Their length is noted for the video, so that it is not made again while it finds no room. */
  #prepareMoving(key: PictureKey, video: MadeAvatar, picture: MadePhoto, markup: PictureMarkup | undefined): PreparedPhoto {
    const prepared = this.#prepareSizes(picture, { video, markup });
    this.#outcomes.note({ ...key, role: 'video' }, { size: prepared.content.size });
    return prepared;
  }

  /** Checks the video of a profile. Makes a picture of it, unless the client has sent one. */
  async #makeVideo(key: PictureKey, { size, read }: UploadBytes, { still, startS }: NonNullable<ProfileUpload['video']>): Promise<MadeAvatar> {
    await this.#checkOutcome(key);
    if (this.#deps.media === undefined) throw rpcError('VIDEO_FILE_INVALID');
    const result = await this.#deps.media.makeAvatar(key.userId, { size, read, avatar: { startS, frame: still === undefined } });
    if (result.outcome === 'unreadable') this.#outcomes.note(key, { refusal: 'video' });
    return videoIn(result);
  }

  /** Locks the blob with the sizes of a photo, and adds its row if there is none and its bytes are in the store. */
  async #lockSizes(tx: Tx, identity: Uint8Array, added: NewContent | undefined): Promise<BlobRow | undefined> {
    // An operator may have blocked a photo whose upload was another picture.
    await checkNotBlocked(tx, identity);
    return (await lockBlob(tx, identity)) ?? (added && insertBlob(tx, { ...added, sha256: null, dcId: this.#deps.config.homeDcId }, this.#deps.clock.now()));
  }

  /** Adds the row of a photo, or of the thumbnail of a document. */
  async #addPhoto(tx: Tx, { userId, documentId, sizes, videos, blob, later }: NewPhoto): Promise<StoredPhoto> {
    await this.#parts.unsentLimit.check(tx, userId, blob.size, later);
    const [date, dcId] = [this.#deps.clock.now(), this.#deps.config.homeDcId];
    const id = documentId === undefined ? newPresentedId(this.#deps.random, dcId) : thumbIdOf(documentId);
    const photo: tl.photo = { _: 'photo', id, access_hash: 0n, file_reference: new Uint8Array(), date, sizes, video_sizes: videos, dc_id: dcId };
    const stored = { id, uploaderId: userId, photo, blob };
    await insertDocument(tx, stored, date);
    return stored;
  }

  /**
   * Makes a photo of the blob with its sizes.
   * @param used the uploads of the user that become the photo
   * @returns undefined if there is no such blob
   */
  #createPhoto(userId: bigint, used: readonly UploadOfPhoto[], { identity, prepared, isStored, target }: PhotoMaking): Promise<StoredPhoto | undefined> {
    return this.#deps.db.transact('create-photo', async (tx) => {
      const date = this.#deps.clock.now();
      const blob = await this.#lockSizes(tx, identity, isStored ? prepared?.content : undefined);
      if (blob === undefined) return undefined;
      await lockUploader(tx, userId);
      const found = await findPhotoOfContent(tx, { identity, userId, afterDate: date - KNOWN_S });
      const known = found !== undefined && isKind(found.photo, target, prepared) ? found : undefined;
      const { sizes, videos } = prepared ?? { sizes: known?.photo.sizes, videos: known?.photo.video_sizes };
      if (sizes === undefined) return undefined;
      for (const { upload, content } of used) await saveFinishedUpload(tx, upload, content, date);
      if (target.role !== 'thumb' && known?.isSent === false && known.photo.date > date - REUSED_S) {
        await keepUnsent(tx, known.photo.id);
        return { id: known.photo.id, uploaderId: userId, photo: known.photo, blob };
      }
      return this.#addPhoto(tx, { userId, documentId: target.role === 'thumb' ? target.documentId : undefined, sizes, videos, blob });
    });
  }

  /** Makes the thumbnail of a document of a picture that the server has made itself. @returns undefined if its bytes are not in the store */
  #createThumb({ userId, documentId, documentSize, prepared: { sizes, videos, content } }: OwnThumb, isStored: boolean): Promise<StoredPhoto | undefined> {
    return this.#deps.db.transact('create-thumb', async (tx) => {
      const blob = await this.#lockSizes(tx, content.identity, isStored ? content : undefined);
      if (blob === undefined) return undefined;
      await lockUploader(tx, userId);
      // The thumbnail must not take the room of its document.
      return this.#addPhoto(tx, { userId, documentId, sizes, videos, blob, later: { documents: 1, bytes: documentSize } });
    });
  }

  /** Puts the sizes into the store, and makes a photo of them. The limit is asked again first, because the sizes may be much longer than the upload. */
  async #storePhoto(userId: bigint, used: readonly UploadOfPhoto[], making: PhotoMaking & { prepared: PreparedPhoto }): Promise<StoredPhoto | undefined> {
    const refusal = await this.#parts.unsentLimit.doFindRefusal(userId, making.prepared.content.size);
    if (refusal !== undefined) throw refusal;
    return this.#parts.writes.store(making.prepared.content, () => this.#createPhoto(userId, used, making));
  }

  /** Makes a photo of sizes that were made of uploads, or of a picture that is stored already. */
  async #createOf(userId: bigint, uploads: readonly UsedUpload[], prepared: PreparedPhoto, target: PhotoTarget): Promise<StoredPhoto | undefined> {
    const { identity } = prepared.content;
    await this.#parts.writes.replaceLostBytes(prepared.content);
    // An upload of which a document was made remains known as that document, and can become either again.
    const used = uploads.map(({ upload, content }) => ({ upload, content: content.finished === undefined ? content : { ...content, identity } }));
    const making = { identity, prepared, target };
    return (await this.#createPhoto(userId, used, { ...making, isStored: false })) ?? (await this.#storePhoto(userId, used, { ...making, isStored: true }));
  }

  /** Makes a photo of a video, and of a picture that another upload has. @param moving the upload of the video, and whose it is */
  #createMoving(moving: UsedUpload & { key: PictureKey }, video: MadeAvatar, still: tl.InputFile, target: ProfileTarget): Promise<StoredPhoto | undefined> {
    return this.#parts.uploads.useUpload(moving.upload.userId, still, async (upload, content) => {
      const bytes = await this.#parts.uploadBytes.open(upload, content);
      if (bytes === undefined) throw await this.#parts.uploads.askAgain(upload);
      const key: PictureKey = { userId: upload.userId, identity: content.identity, role: 'profile' };
      await this.#checkOutcome(key);
      const created = await this.#createOf(key.userId, [moving, { upload, content }], this.#prepareMoving(moving.key, video, await this.#makePhoto(key, bytes), target.markup), target);
      if (created !== undefined && content.finished !== undefined) await this.#deps.fileStorage.uploads.discard(upload.userId, upload.fileId);
      return created;
    });
  }

  /** Makes a photo of an upload that has to be processed. */
  async #createFrom(upload: UploadKey, content: UploadContent, target: PhotoTarget): Promise<StoredPhoto | undefined> {
    const bytes = await this.#parts.uploadBytes.open(upload, content);
    if (bytes === undefined) return undefined;
    const key: PictureKey = { userId: upload.userId, identity: content.identity, role: target.role };
    if (target.role !== 'profile' || target.video === undefined) {
      return this.#createOf(key.userId, [{ upload, content }], await this.#prepare(key, bytes, target.role === 'profile' ? target.markup : undefined), target);
    }
    const video = await this.#makeVideo({ ...key, role: 'video' }, bytes, target.video);
    const { still } = target.video;
    return still === undefined ? this.#createOf(key.userId, [{ upload, content }], this.#prepareMoving(key, video, video.frame!, target.markup), target) : this.#createMoving({ upload, content, key }, video, still, target);
  }

  #create(userId: bigint, file: tl.InputFile, target: PhotoTarget): Promise<StoredPhoto> {
    return this.#parts.uploads.useUpload(userId, file, async (upload, content) => {
      const { finished, identity } = content;
      const known = finished === undefined ? await this.#createPhoto(userId, [{ upload, content }], { identity, prepared: undefined, isStored: false, target }) : undefined;
      const created = known ?? (await this.#createFrom(upload, content, target));
      // What an earlier call has made of the upload was collected since.
      if (created === undefined) throw await this.#parts.uploads.askAgain(upload);
      if (finished !== undefined) await this.#deps.fileStorage.uploads.discard(userId, upload.fileId);
      return created;
    });
  }

  async #storeThumb(thumb: OwnThumb): Promise<StoredPhoto | undefined> {
    const { content } = thumb.prepared;
    await this.#parts.writes.replaceLostBytes(content);
    return (await this.#createThumb(thumb, false)) ?? this.#parts.writes.store(content, () => this.#createThumb(thumb, true));
  }
}

/** The result of a call, or undefined if it is refused with an error for the client. Other errors are thrown. */
async function resultUnlessRefused<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof RpcError) return undefined;
    throw error;
  }
}

/** Whether a photo of the same content is of the same kind: the same upload may have become another one. A call that is repeated does not process the video again. */
function isKind(photo: tl.photo, target: PhotoTarget, prepared: PreparedPhoto | undefined): boolean {
  if (isProfilePhoto(photo) !== (target.role === 'profile')) return false;
  if (prepared !== undefined) return isDeepStrictEqual(photo.video_sizes, prepared.videos);
  if (target.role !== 'profile') return true;
  const hasVideo = photo.video_sizes?.some(({ _ }) => _ === 'videoSize') === true;
  return hasVideo === (target.video !== undefined) && isDeepStrictEqual(markupOf(photo), target.markup);
}
