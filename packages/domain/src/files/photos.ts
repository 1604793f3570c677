import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { FileAccess } from './document-access.ts';
import type { BlobContent, BlobReader } from './blob-reader.ts';
import { thumbIdOf } from './document-id.ts';
import { findPhotos, type StoredPhoto } from './document-store.ts';
import type { FileOrigin } from './file-reference.ts';
import type { MediaFiller } from './media-filler.ts';
import { findSizePlace, mediaOfPhoto, type PhotoMedia } from './photo-media.ts';
import type { PhotoUploads } from './photo-uploads.ts';

/** Media that are photos. */
export type PhotoMediaInput = tl.inputMediaUploadedPhoto | tl.inputMediaPhoto;

/** Photos that clients send and load. */
export interface Photos {
  /**
   * Makes the media of a message from a picture that the user has uploaded, or from a photo that the user may read.
   * @throws RpcError as {@link PhotoUploads.doCreatePhoto} and {@link FileAccess.accessToCopy}, MEDIA_INVALID, TTL_MEDIA_INVALID
   */
  doPrepareMedia(userId: bigint, input: PhotoMediaInput): Promise<tl.messageMediaPhoto>;
  /** Makes media that are not sent yet, with access hash and a reference to the origin by which the user has named the photo. Throws as {@link Photos.doPrepareMedia}. */
  doUploadMedia(userId: bigint, input: PhotoMediaInput): Promise<tl.messageMediaPhoto>;
}

/** A file of a photo that a viewer may read. */
export interface OpenSize {
  changed_date: number;
  size: number;
  /** Reads at most `limit` bytes from `offset` of the size; returns no bytes past its end. */
  read(offset: number, limit: number): Promise<Uint8Array>;
}

interface PhotoParts {
  uploads: PhotoUploads;
  access: FileAccess<StoredPhoto>;
  filler: Pick<MediaFiller, 'fillPhoto'>;
}

/** Creates the operations on photos. */
export function createPhotos({ uploads, access, filler }: PhotoParts): Photos {
  const prepare = async (userId: bigint, input: PhotoMediaInput): Promise<{ media: PhotoMedia; origin: FileOrigin }> => {
    if (input.ttl_seconds !== undefined) throw rpcError('TTL_MEDIA_INVALID');
    const show = { spoiler: input.spoiler === true };
    if (input._ === 'inputMediaUploadedPhoto') return { media: mediaOfPhoto((await uploads.doCreatePhoto(userId, input)).photo, show), origin: { kind: 'upload' } };
    if (input.id._ !== 'inputPhoto') throw rpcError('MEDIA_INVALID');
    const { photo, origin } = await access.accessToCopy(userId, input.id, 'MEDIA_INVALID');
    return { media: mediaOfPhoto(photo, show), origin };
  };
  return {
    doPrepareMedia: async (userId, input) => (await prepare(userId, input)).media,
    async doUploadMedia(userId, input) {
      const { media, origin } = await prepare(userId, input);
      return { ...media, photo: filler.fillPhoto(media.photo, origin) };
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
 * Opens a size of a photo.
 * @throws RpcError as {@link FileAccess.access}, LOCATION_INVALID (there is no file of that size)
 */
export async function openPhotoSize(
  { access, read }: { access: FileAccess<StoredPhoto>; read: BlobReader['read'] },
  viewerId: bigint,
  location: tl.inputPhotoFileLocation,
): Promise<OpenSize> {
  return openSizeOf(await access.access(viewerId, location, 'FILE_ID_INVALID'), location.thumb_size, read);
}

function openSizeOf({ photo, blob }: { photo: tl.photo; blob: BlobContent }, type: string, read: BlobReader['read']): OpenSize {
  const place = findSizePlace(photo, type);
  if (place === undefined) throw rpcError('LOCATION_INVALID');
  const { offset: start, size } = place;
  return { changed_date: photo.date, size, read: (offset, limit) => (offset >= size ? Promise.resolve(new Uint8Array()) : read(blob, start + offset, Math.min(limit, size - offset))) };
}
