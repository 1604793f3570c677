import { rpcError } from '@aerogram/errors';
import { detectPictureType, type MadePhoto, PHOTO_BYTES_MAX, type PhotoLane, TYPE_BYTES } from '@aerogram/media';
import type { tl } from '@aerogram/tl';

import type { UploadBytes } from './uploaded-bytes.ts';

/** How long a client should wait while too many pictures are processed, in seconds. */
const BUSY_WAIT_S = 5;
/** The longest side of the largest size that the server makes, in pixels. A picture of which it has this side may be larger. */
const SIDE_MAX = 2560;

/** What the server sees in an uploaded picture. */
export interface SeenPicture {
  attributes: tl.DocumentAttribute[];
  /** Of which the thumbnail is made. */
  picture: MadePhoto;
}

/**
 * Looks at an uploaded picture that is to become a wallpaper. The picture itself is kept as it is.
 * @param mimeType `image/jpeg` or `image/png`
 * @throws RpcError WALLPAPER_FILE_INVALID (another type, damaged, too large, or this server cannot process pictures), FLOOD_WAIT_%d
 */
export async function seeWallpaper(photos: Pick<PhotoLane, 'make'> | undefined, userId: bigint, mimeType: string, { size, read }: UploadBytes): Promise<SeenPicture> {
  if (photos === undefined || size > PHOTO_BYTES_MAX) throw rpcError('WALLPAPER_FILE_INVALID');
  if (`image/${detectPictureType(await read(0, Math.min(TYPE_BYTES, size)))}` !== mimeType) throw rpcError('WALLPAPER_FILE_INVALID');
  const result = await photos.make(userId, 'message', (length = size) => read(0, Math.min(length, size)));
  if (result.outcome === 'busy') throw rpcError('FLOOD_WAIT_%d', BUSY_WAIT_S);
  if (result.outcome !== 'made') throw rpcError('WALLPAPER_FILE_INVALID');
  const { width, height } = result.photo.sizes.at(-1)!;
  const isWhole = Math.max(width, height) < SIDE_MAX;
  return { attributes: isWhole ? [{ _: 'documentAttributeImageSize', w: width, h: height }] : [], picture: result.photo };
}
