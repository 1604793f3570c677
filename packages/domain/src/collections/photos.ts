import { isDeepStrictEqual } from 'node:util';

import { RpcError, rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { AccessHashes } from '../peers/index.ts';
import {
  EVERYBODY,
  type FileAccess,
  type FileOrigin,
  findPhotos,
  findSizePlace,
  isProfilePhoto,
  type MediaFiller,
  mediaOfPhoto,
  type MediaTarget,
  type PhotoMedia,
  type ProfilePicture,
  type SizePlace,
  type StoredPhoto,
  thumbIdOf,
  wantedLifetime,
} from '../documents/index.ts';
import { type BlobContent, type BlobReader, isUsable } from '../blobs/index.ts';
import type { PhotoUploads } from '../uploads/index.ts';
import { doRenewUnsent } from './lock-document.ts';

/** Media that are photos. */
export type PhotoMediaInput = tl.inputMediaUploadedPhoto | tl.inputMediaPhoto;

/** Photos that clients send and load. */
export interface Photos {
  /**
   * Makes the media of a message from a picture that the user has uploaded, or from a photo that the user may read.
   * @throws RpcError as {@link PhotoUploads.doCreatePhoto} and {@link FileAccess.accessToCopy}, MEDIA_INVALID, TTL_MEDIA_INVALID
   */
  doPrepareMedia(userId: bigint, input: PhotoMediaInput, target?: MediaTarget): Promise<tl.messageMediaPhoto>;
  /** Makes media that are not sent yet, with access hash and a reference to the origin by which the user has named the photo. Throws as {@link Photos.doPrepareMedia}. */
  doUploadMedia(userId: bigint, input: PhotoMediaInput, target?: MediaTarget): Promise<tl.messageMediaPhoto>;
  /**
   * Makes a photo for a profile of an uploaded picture or video. Throws as {@link PhotoUploads.doCreateProfilePhoto}.
   * @param known photos of the profile: a call that is repeated after its answer was lost finds the one that it has made among them
   * @returns its id
   */
  doCreateProfile(userId: bigint, picture: ProfilePicture, known: readonly bigint[]): Promise<bigint>;
  /**
   * Makes a photo for a profile of a photo that the user has in a message. Throws as {@link PhotoUploads.doCropForProfile}, and PHOTO_ID_INVALID (it is not there any
   * more, or an operator has blocked it).
   * @param known as in {@link Photos.doCreateProfile}
   * @returns its id
   */
  doCropForProfile(userId: bigint, source: { photoId: bigint; msgId: number }, known: readonly bigint[]): Promise<bigint>;
  /**
   * Makes or finds the photo that a group or channel is to have.
   * @param currentId of its photo: a call that is repeated after its answer was lost finds that one
   * @returns the stored photo; undefined: it is to have none
   * @throws RpcError PHOTO_INVALID (nothing, a video or emoji that a profile cannot have, or no photo that was made for a profile), and as {@link PhotoUploads.doCreateProfilePhoto} and
   * {@link FileAccess.accessToCopy}
   */
  doPrepareChatPhoto(userId: bigint, input: tl.InputChatPhoto, currentId: bigint | null): Promise<tl.photo | undefined>;
  /**
   * Checks that a user may take a photo for the own profile that is in a message which the user has, and was made for a profile.
   * @throws RpcError PHOTO_ID_INVALID, and as {@link FileAccess.accessToCopy}
   */
  accessProfile(userId: bigint, input: tl.InputPhoto): Promise<void>;
  /** The id of a photo that a client names with the right access hash; undefined for anything else. */
  idOf(input: tl.InputPhoto): bigint | undefined;
  /** Reads the largest size of a photo that has at most so many bytes, for another data centre. The right must have been checked. @returns undefined if there is none */
  readForHome(id: bigint, maxBytes: number): Promise<Uint8Array | undefined>;
  /** Finds photos, with access hashes and references to an origin, in this order. */
  find(reader: Pick<Database, 'run'>, ids: readonly bigint[], origin: FileOrigin): Promise<tl.photo[]>;
}

/** A file of a photo that a viewer may read. */
export interface OpenSize {
  type: tl.storage.FileType;
  changed_date: number;
  size: number;
  /** Where it is in the blob of the photo. */
  place: SizePlace;
  /** Reads at most `limit` bytes from `offset` of the size; returns no bytes past its end. */
  read(offset: number, limit: number): Promise<Uint8Array>;
}

interface PhotoParts {
  uploads: Pick<PhotoUploads, 'doCreatePhoto' | 'doCreateProfilePhoto' | 'doCropForProfile'>;
  access: FileAccess<StoredPhoto>;
  filler: Pick<MediaFiller, 'fillPhoto'>;
  accessHashes: Pick<AccessHashes, 'matches'>;
  /** Reads bytes for the server itself. */
  read: BlobReader['read'];
}

/** Errors about what a profile cannot have, for which the methods of groups and channels have one error. */
const PICTURE_ERRORS: readonly string[] = ['PHOTO_FILE_MISSING', 'VIDEO_FILE_INVALID', 'EMOJI_MARKUP_INVALID', 'STICKER_MIME_INVALID'];

/** Creates the operations on photos. */
export function createPhotos(db: Pick<Database, 'run' | 'transact'>, { uploads, access, filler, accessHashes, read: readBlob }: PhotoParts): Photos {
  const prepare = async (userId: bigint, input: PhotoMediaInput, { to, edited }: MediaTarget = {}): Promise<{ media: PhotoMedia; origin: FileOrigin }> => {
    const show = { spoiler: input.spoiler === true, ttlSeconds: wantedLifetime(input.ttl_seconds, { userId, to }) };
    if (input._ === 'inputMediaUploadedPhoto') return { media: mediaOfPhoto((await uploads.doCreatePhoto(userId, input)).photo, show), origin: { kind: 'upload' } };
    if (input.id._ !== 'inputPhoto') throw rpcError('MEDIA_INVALID');
    const { photo, origin } = await access.accessToCopy(userId, input.id, 'MEDIA_INVALID', edited);
    return { media: mediaOfPhoto(photo, show), origin };
  };
  /** The photo that was just made, or the same one among those that are known. */
  const pickKnown = async ({ photo, blob }: StoredPhoto, known: readonly bigint[]): Promise<tl.photo> => {
    const isSame = (other: StoredPhoto): boolean => Buffer.compare(other.blob.identity, blob.identity) === 0 && isDeepStrictEqual(other.photo.video_sizes, photo.video_sizes);
    return [...(await findPhotos(db, known)).values()].find(isSame)?.photo ?? photo;
  };
  const createProfile = async (userId: bigint, picture: ProfilePicture, known: readonly bigint[]): Promise<tl.photo> => pickKnown(await uploads.doCreateProfilePhoto(userId, picture), known);
  return {
    doPrepareMedia: async (userId, input, target) => (await prepare(userId, input, target)).media,
    async doUploadMedia(userId, input, target) {
      const { media, origin } = await prepare(userId, input, target);
      const isOld = input._ === 'inputMediaPhoto' && origin.kind === 'upload';
      if (isOld && !(await doRenewUnsent(db, [media.photo.id]))) throw rpcError('MEDIA_INVALID');
      return { ...media, photo: filler.fillPhoto(media.photo, origin) };
    },
    doCreateProfile: async (userId, picture, known) => (await createProfile(userId, picture, known)).id,
    async doCropForProfile(userId, { photoId, msgId }, known) {
      const { photo, blob, isProtected } = await access.accessAt(userId, photoId, { kind: 'message', msgId }, 'PHOTO_ID_INVALID');
      if (isProtected || !(await isUsable(db, blob.identity))) throw rpcError('PHOTO_ID_INVALID');
      const largest = photo.sizes.flatMap((size) => (size._ === 'photoSize' || size._ === 'photoSizeProgressive' ? [size.type] : [])).at(-1);
      const { size, read } = openSizeOf({ photo, blob }, largest ?? '', readBlob);
      return (await pickKnown(await uploads.doCropForProfile(userId, { identity: blob.identity, size, read: (from, to) => read(from, to - from) }), known)).id;
    },
    async doPrepareChatPhoto(userId, input, currentId) {
      if (input._ === 'inputChatPhotoEmpty') return undefined;
      if (input._ === 'inputChatUploadedPhoto') {
        return createProfile(userId, input, currentId === null ? [] : [currentId]).catch((error: unknown) => {
          throw error instanceof RpcError && PICTURE_ERRORS.includes(error.entry) ? rpcError('PHOTO_INVALID') : error;
        });
      }
      if (input.id._ !== 'inputPhoto') throw rpcError('PHOTO_INVALID');
      const { photo } = await access.accessToCopy(userId, input.id, 'PHOTO_INVALID');
      if (!isProfilePhoto(photo)) throw rpcError('PHOTO_INVALID');
      return photo;
    },
    async accessProfile(userId, input) {
      if (input._ !== 'inputPhoto') throw rpcError('PHOTO_ID_INVALID');
      const { photo, origin } = await access.accessToCopy(userId, input, 'PHOTO_ID_INVALID');
      if (origin.kind !== 'message' || !isProfilePhoto(photo)) throw rpcError('PHOTO_ID_INVALID');
    },
    idOf: (input) => (input._ === 'inputPhoto' && accessHashes.matches('photo', EVERYBODY, input.id, input.access_hash) ? input.id : undefined),
    async readForHome(id, maxBytes) {
      const stored = (await findPhotos(db, [id])).get(id);
      if (stored === undefined || !(await isUsable(db, stored.blob.identity))) return undefined;
      const types = stored.photo.sizes.flatMap((size) => (size._ === 'photoSize' || size._ === 'photoSizeProgressive' ? [size.type] : []));
      const opened = types.map((type) => openSizeOf(stored, type, readBlob)).findLast(({ size }) => size <= maxBytes);
      return opened?.read(0, opened.size);
    },
    async find(reader, ids, origin) {
      const found = await findPhotos(reader, ids);
      return ids.flatMap((id) => {
        const stored = found.get(id);
        return stored === undefined ? [] : [filler.fillPhoto(stored.photo, origin)];
      });
    },
  };
}

/**
 * Opens the thumbnail of a document that the viewer may read.
 * @throws RpcError LOCATION_INVALID (there is none of that size)
 */
export async function openThumb({ db, read }: { db: Pick<Database, 'run'>; read: BlobReader['read'] }, { id, thumbs }: tl.document, type: string): Promise<OpenSize> {
  const thumb = thumbs && (await findPhotos(db, [thumbIdOf(id)])).get(thumbIdOf(id));
  if (thumb === undefined) throw rpcError('LOCATION_INVALID');
  return openSizeOf(thumb, type, read);
}

/**
 * Opens a size of a photo that the viewer may read.
 * @throws RpcError LOCATION_INVALID (there is no file of that size)
 */
export function openSizeOf({ photo, blob }: { photo: tl.photo; blob: BlobContent }, type: string, read: BlobReader['read']): OpenSize {
  const place = findSizePlace(photo, type);
  if (place === undefined) throw rpcError('LOCATION_INVALID');
  return openRange({ blob, date: photo.date, read }, place);
}

/** A range of a blob, as a file. */
function openRange({ blob, date, read }: { blob: BlobContent; date: number; read: BlobReader['read'] }, place: SizePlace): OpenSize {
  const { offset: start, size, isVideo } = place;
  return { type: { _: isVideo ? 'storage.fileMp4' : 'storage.fileJpeg' }, changed_date: date, size, place, read: (offset, limit) => (offset >= size ? Promise.resolve(new Uint8Array()) : read(blob, start + offset, Math.min(limit, size - offset))) };
}

/**
 * Checks whether a viewer may load a photo of a peer now.
 * @throws RpcError LOCATION_INVALID, and those of a peer that may not be used
 */
export type ReadPeerPhoto = (viewerId: bigint, location: tl.inputPeerPhotoFileLocation) => Promise<void>;

/**
 * Opens the largest or the smallest size of a photo of a profile. The right must have been checked.
 * @throws RpcError LOCATION_INVALID (there is no such photo)
 */
export async function openPeerPhoto({ db, read }: { db: Pick<Database, 'run'>; read: BlobReader['read'] }, { photo_id: id, big }: tl.inputPeerPhotoFileLocation): Promise<OpenSize> {
  const stored = (await findPhotos(db, [id])).get(id);
  const types = stored?.photo.sizes.flatMap((size) => (size._ === 'photoSize' || size._ === 'photoSizeProgressive' ? [size.type] : [])) ?? [];
  const place = stored && findSizePlace(stored.photo, (big === true ? types.at(-1) : types[0]) ?? '');
  if (stored === undefined || place === undefined) throw rpcError('LOCATION_INVALID');
  return openRange({ blob: stored.blob, date: stored.photo.date, read }, place);
}
