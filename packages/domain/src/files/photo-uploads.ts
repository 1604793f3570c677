import { isDeepStrictEqual } from 'node:util';

import { RpcError, rpcError } from '@aerogram/errors';
import { type AvatarLaneResult, type MadeAvatar, type MadePhoto, PHOTO_BYTES_MAX, type PhotoLaneResult, type PhotoUse } from '@aerogram/media';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../shared/index.ts';
import { REUSED_S } from './add-document.ts';
import { checkNotBlocked } from './blob-moderation-store.ts';
import type { BlobWrites, NewContent } from './blob-writes.ts';
import { newDocumentId, thumbIdOf } from './document-id.ts';
import { type BlobRow, insertBlob, lockBlob } from './blob-row-store.ts';
import { insertDocument, type StoredPhoto } from './document-store.ts';
import { type EarlierUpload, saveFinishedUpload, type UploadKey } from './finished-upload-store.ts';
import { prepareContent } from './new-content.ts';
import type { OwnThumbs } from './own-thumbs.ts';
import { createPhotoOutcomes, type PictureKey } from './photo-outcomes.ts';
import { isProfilePhoto, projectSizes, projectVideo, thumbOf } from './photo-media.ts';
import { findPhotoOfContent } from './photo-store.ts';
import { checkPicture, type ProfilePicture, type ProfileUpload } from './profile-picture.ts';
import type { UnsentLimit, WantedRoom } from './unsent-limit.ts';
import { keepUnsent, lockUploader } from './unsent-store.ts';
import type { UploadBytes, UploadedBytes } from './uploaded-bytes.ts';
import type { UploadContent, UploadedFiles } from './uploaded-files.ts';

/** How long a client should wait while too many photos are processed, in seconds. */
const BUSY_WAIT_S = 5;
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
   * Makes a square photo for the profile of a user or chat, with the video if there is one. As long as nothing refers to it, the same picture gives its uploader the
   * same photo for a day.
   * @throws RpcError PHOTO_CROP_SIZE_SMALL, VIDEO_FILE_INVALID, PHOTO_FILE_MISSING (also if there is only a video, and this server can make no picture of it), and
   * as {@link checkPicture} and {@link PhotoUploads.doCreatePhoto}
   */
  doCreateProfilePhoto(userId: bigint, picture: ProfilePicture): Promise<StoredPhoto>;
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

/** What is made of an upload: a photo, or the thumbnail of a document, which is made afterwards. */
type PhotoTarget = { role: 'message' } | { role: 'profile'; video: ProfileUpload['video'] } | { role: 'thumb'; documentId: bigint };

/** An upload of which something is made. */
interface UsedUpload {
  upload: UploadKey;
  content: UploadContent;
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
}

type Deps = Pick<DomainDeps, 'db' | 'clock' | 'random' | 'config' | 'fileStorage' | 'photos' | 'media'>;

/** Creates the uploads of photos. */
export function createPhotoUploads(deps: Deps, { uploads, writes, uploadBytes, unsentLimit }: Parts): PhotoUploads {
  const { db, clock, random, config, fileStorage } = deps;
  const outcomes = createPhotoOutcomes(clock);

  const makePhoto = async (key: PictureKey, { size, read }: UploadBytes): Promise<MadePhoto> => {
    if (deps.photos === undefined || size > PHOTO_BYTES_MAX) throw rpcError('IMAGE_PROCESS_FAILED');
    const use: PhotoUse = key.role === 'profile' ? 'profile' : 'message';
    const result = await deps.photos.make(key.userId, use, (length = size) => read(0, Math.min(length, size)));
    if (result.outcome === 'refused') outcomes.note(key, { refusal: result.reason });
    return photoIn(result);
  };

  /** Refuses a picture that was refused a short time ago, or whose photo did not fit into the user's limit of unsent files, without processing it again. */
  const checkOutcome = async (key: PictureKey): Promise<void> => {
    const outcome = outcomes.find(key);
    if (outcome === undefined) return;
    if ('refusal' in outcome) throw rpcError(REFUSALS[outcome.refusal]);
    const refusal = await unsentLimit.doFindRefusal(key.userId, outcome.size);
    if (refusal !== undefined) throw refusal;
  };

  const prepare = async (key: PictureKey, picture: UploadBytes): Promise<PreparedPhoto> => {
    await checkOutcome(key);
    const photo = await makePhoto(key, picture);
    const prepared = prepareSizes(key.role === 'thumb' ? thumbOf(photo) : photo);
    outcomes.note(key, { size: prepared.content.size });
    return prepared;
  };

  const prepareSizes = (made: MadePhoto, video?: MadeAvatar): PreparedPhoto => ({
    sizes: projectSizes(made),
    videos: video && [projectVideo(video)],
    content: prepareContent(deps, Buffer.concat([...made.sizes, ...(video === undefined ? [] : [video])].map(({ bytes }) => bytes))),
  });

  /** Sizes of a picture with its video. Their length is noted for the video, so that it is not made again while it finds no room. */
  const prepareMoving = (key: PictureKey, video: MadeAvatar, picture: MadePhoto): PreparedPhoto => {
    const prepared = prepareSizes(picture, video);
    outcomes.note({ ...key, role: 'video' }, { size: prepared.content.size });
    return prepared;
  };

  /** Checks the video of a profile. Makes a picture of it, unless the client has sent one. */
  const makeVideo = async (key: PictureKey, { size, read }: UploadBytes, { still, startS }: NonNullable<ProfileUpload['video']>): Promise<MadeAvatar> => {
    await checkOutcome(key);
    if (deps.media === undefined) throw rpcError('VIDEO_FILE_INVALID');
    const result = await deps.media.makeAvatar(key.userId, { size, read, avatar: { startS, frame: still === undefined } });
    if (result.outcome === 'unreadable') outcomes.note(key, { refusal: 'video' });
    return videoIn(result);
  };

  /** Locks the blob with the sizes of a photo, and adds its row if there is none and its bytes are in the store. */
  const lockSizes = async (tx: Tx, identity: Uint8Array, added: NewContent | undefined): Promise<BlobRow | undefined> => {
    // An operator may have blocked a photo whose upload was another picture.
    await checkNotBlocked(tx, identity);
    return (await lockBlob(tx, identity)) ?? (added && insertBlob(tx, { ...added, sha256: null, dcId: config.homeDcId }, clock.now()));
  };

  /** Adds the row of a photo, or of the thumbnail of a document. */
  const addPhoto = async (tx: Tx, { userId, documentId, sizes, videos, blob, later }: NewPhoto): Promise<StoredPhoto> => {
    await unsentLimit.check(tx, userId, blob.size, later);
    const [date, dcId] = [clock.now(), config.homeDcId];
    const id = documentId === undefined ? newDocumentId(random, dcId) : thumbIdOf(documentId);
    const photo: tl.photo = { _: 'photo', id, access_hash: 0n, file_reference: new Uint8Array(), date, sizes, video_sizes: videos, dc_id: dcId };
    const stored = { id, uploaderId: userId, photo, blob };
    await insertDocument(tx, stored, date);
    return stored;
  };

  /**
   * Makes a photo of the blob with its sizes.
   * @param used the uploads, all of one user, with the content that is noted for calls that are repeated
   * @returns undefined if there is no such blob
   */
  const createPhoto = (used: readonly { upload: UploadKey; content: EarlierUpload }[], { identity, prepared, isStored, target }: PhotoMaking): Promise<StoredPhoto | undefined> =>
    db.transact('create-photo', async (tx) => {
      const [date, { userId }] = [clock.now(), used[0]!.upload];
      const blob = await lockSizes(tx, identity, isStored ? prepared?.content : undefined);
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
      return addPhoto(tx, { userId, documentId: target.role === 'thumb' ? target.documentId : undefined, sizes, videos, blob });
    });

  /** Makes the thumbnail of a document of a picture that the server has made itself. @returns undefined if its bytes are not in the store */
  const createThumb = ({ userId, documentId, documentSize, prepared: { sizes, videos, content } }: OwnThumb, isStored: boolean): Promise<StoredPhoto | undefined> =>
    db.transact('create-thumb', async (tx) => {
      const blob = await lockSizes(tx, content.identity, isStored ? content : undefined);
      if (blob === undefined) return undefined;
      await lockUploader(tx, userId);
      // The thumbnail must not take the room of its document.
      return addPhoto(tx, { userId, documentId, sizes, videos, blob, later: { documents: 1, bytes: documentSize } });
    });

  /** Puts the sizes into the store, and makes a photo of them. The limit is asked again before: they may be much longer than the upload. */
  const storePhoto = async (used: Parameters<typeof createPhoto>[0], making: PhotoMaking & { prepared: PreparedPhoto }): Promise<StoredPhoto | undefined> => {
    const refusal = await unsentLimit.doFindRefusal(used[0]!.upload.userId, making.prepared.content.size);
    if (refusal !== undefined) throw refusal;
    return writes.store(making.prepared.content, () => createPhoto(used, making));
  };

  /** Makes a photo of sizes that were made of uploads. */
  const createOf = async (uploads: readonly UsedUpload[], prepared: PreparedPhoto, target: PhotoTarget): Promise<StoredPhoto | undefined> => {
    const { identity } = prepared.content;
    await writes.replaceLostBytes(prepared.content);
    // An upload of which a document was made remains known as that document, and can become either again.
    const used = uploads.map(({ upload, content }) => ({ upload, content: content.finished === undefined ? content : { ...content, identity } }));
    const making = { identity, prepared, target };
    return (await createPhoto(used, { ...making, isStored: false })) ?? (await storePhoto(used, { ...making, isStored: true }));
  };

  /** Makes a photo of a video, and of a picture that another upload has. @param moving the upload of the video, and whose it is */
  const createMoving = (moving: UsedUpload & { key: PictureKey }, video: MadeAvatar, still: tl.InputFile, target: PhotoTarget): Promise<StoredPhoto | undefined> =>
    uploads.useUpload(moving.upload.userId, still, async (upload, content) => {
      const bytes = await uploadBytes.open(upload, content);
      if (bytes === undefined) throw await uploads.askAgain(upload);
      const key: PictureKey = { userId: upload.userId, identity: content.identity, role: 'profile' };
      await checkOutcome(key);
      const created = await createOf([moving, { upload, content }], prepareMoving(moving.key, video, await makePhoto(key, bytes)), target);
      if (created !== undefined && content.finished !== undefined) await fileStorage.uploads.discard(upload.userId, upload.fileId);
      return created;
    });

  /** Makes a photo of an upload that has to be processed. */
  const createFrom = async (upload: UploadKey, content: UploadContent, target: PhotoTarget): Promise<StoredPhoto | undefined> => {
    const bytes = await uploadBytes.open(upload, content);
    if (bytes === undefined) return undefined;
    const key: PictureKey = { userId: upload.userId, identity: content.identity, role: target.role };
    if (target.role !== 'profile' || target.video === undefined) return createOf([{ upload, content }], await prepare(key, bytes), target);
    const video = await makeVideo({ ...key, role: 'video' }, bytes, target.video);
    const { still } = target.video;
    return still === undefined ? createOf([{ upload, content }], prepareMoving(key, video, video.frame!), target) : createMoving({ upload, content, key }, video, still, target);
  };

  const create = (userId: bigint, file: tl.InputFile, target: PhotoTarget): Promise<StoredPhoto> =>
    uploads.useUpload(userId, file, async (upload, content) => {
      const { finished, identity } = content;
      const known = finished === undefined ? await createPhoto([{ upload, content }], { identity, prepared: undefined, isStored: false, target }) : undefined;
      const created = known ?? (await createFrom(upload, content, target));
      // What an earlier call has made of the upload was collected since.
      if (created === undefined) throw await uploads.askAgain(upload);
      if (finished !== undefined) await fileStorage.uploads.discard(userId, upload.fileId);
      return created;
    });

  const storeThumb = async (thumb: OwnThumb): Promise<StoredPhoto | undefined> => {
    const { content } = thumb.prepared;
    await writes.replaceLostBytes(content);
    return (await createThumb(thumb, false)) ?? writes.store(content, () => createThumb(thumb, true));
  };

  return {
    async doStoreThumb(userId, photo, documentSize) {
      const [documentId, prepared] = [newDocumentId(random, config.homeDcId), prepareSizes(thumbOf(photo))];
      return (await resultUnlessRefused(storeThumb({ userId, documentId, documentSize, prepared }))) && { documentId, sizes: prepared.sizes };
    },
    doCreatePhoto: (userId, input) => create(userId, input.file, { role: 'message' }),
    async doCreateProfilePhoto(userId, picture) {
      const { file, video } = checkPicture(picture);
      return create(userId, file, { role: 'profile', video });
    },
    doCreateThumb: async (userId, file, documentId) => (await resultUnlessRefused(create(userId, file, { role: 'thumb', documentId })))?.photo.sizes,
  };
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
  return (photo.video_sizes !== undefined) === (target.role === 'profile' && target.video !== undefined);
}

/** The video that was made. @throws RpcError if there is none */
function videoIn(result: AvatarLaneResult): MadeAvatar {
  switch (result.outcome) {
    case 'made':
      return result.avatar;
    case 'busy':
      throw rpcError('FLOOD_WAIT_%d', BUSY_WAIT_S);
    case 'frameless':
      // The client can send a picture itself.
      throw rpcError('PHOTO_FILE_MISSING');
    case 'unreadable':
    case 'unavailable':
      throw rpcError('VIDEO_FILE_INVALID');
  }
}

/** The photo that was made. @throws RpcError if there is none */
function photoIn(result: PhotoLaneResult): MadePhoto {
  switch (result.outcome) {
    case 'made':
      return result.photo;
    case 'busy':
      throw rpcError('FLOOD_WAIT_%d', BUSY_WAIT_S);
    case 'unavailable':
      throw rpcError('IMAGE_PROCESS_FAILED');
    case 'refused':
      throw rpcError(REFUSALS[result.reason]);
  }
}

const REFUSALS = { video: 'VIDEO_FILE_INVALID', type: 'PHOTO_EXT_INVALID', dimensions: 'PHOTO_INVALID_DIMENSIONS', small: 'PHOTO_CROP_SIZE_SMALL', unreadable: 'IMAGE_PROCESS_FAILED' } as const;
