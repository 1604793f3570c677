import { rpcError } from '@aerogram/errors';
import { detectPictureType, type MadePhoto, PATTERN_TYPE, PHOTO_BYTES_MAX, type PhotoLane, type PhotoLaneResult, type ShapeLaneResult, TYPE_BYTES } from '@aerogram/media';
import type { tl } from '@aerogram/tl';

import type { PhotoOutcomes, PictureKey } from './photo-outcomes.ts';
import type { UploadBytes } from './uploaded-bytes.ts';

/** The longest side of the largest size that the server makes, in pixels. A picture of which it has this side may be larger. */
const SIDE_MAX = 2560;

/** What the server sees in an uploaded picture. */
export interface SeenPicture {
  attributes: tl.DocumentAttribute[];
  /** Of which the thumbnail is made; undefined for a pattern, of which clients draw what is not transparent: a JPEG would be one grey area. */
  picture: MadePhoto | undefined;
}

/** The types of wallpapers, and which of them are patterns: clients draw them with the colours of the settings. */
export const WALLPAPER_TYPES: ReadonlyMap<string, { isPattern: boolean }> = new Map([
  ['image/jpeg', { isPattern: false }],
  ['image/png', { isPattern: true }],
  [PATTERN_TYPE, { isPattern: true }],
]);

/**
 * Looks at an uploaded picture or pattern that is to become a wallpaper. It is kept as it is.
 * @param mimeType one of {@link WALLPAPER_TYPES}
 * @throws RpcError WALLPAPER_FILE_INVALID (another type, damaged, too large, or this server cannot process pictures), FLOOD_WAIT_%d
 */
export async function seeWallpaper(
  { photos, outcomes }: { photos: Pick<PhotoLane, 'make' | 'readShape'> | undefined; outcomes: PhotoOutcomes },
  key: PictureKey,
  mimeType: string,
  { size, read }: UploadBytes,
): Promise<SeenPicture> {
  if (mimeType === PATTERN_TYPE && photos !== undefined) {
    const { shape } = madeOf(await photos.readShape(key.userId, { shapeOf: 'pattern', size, read }), key, outcomes);
    return { attributes: [{ _: 'documentAttributeImageSize', w: shape.width, h: shape.height }], picture: undefined };
  }
  if (photos === undefined || size > PHOTO_BYTES_MAX) throw rpcError('WALLPAPER_FILE_INVALID');
  if (`image/${detectPictureType(await read(0, Math.min(TYPE_BYTES, size)))}` !== mimeType) throw rpcError('WALLPAPER_FILE_INVALID');
  const { photo } = madeOf(await photos.make(key.userId, 'message', (length = size) => read(0, Math.min(length, size))), key, outcomes);
  const { width, height } = photo.sizes.at(-1)!;
  const isWhole = Math.max(width, height) < SIDE_MAX;
  return { attributes: isWhole ? [{ _: 'documentAttributeImageSize', w: width, h: height }] : [], picture: WALLPAPER_TYPES.get(mimeType)?.isPattern === true ? undefined : photo };
}

/** What the photo lane has made. Notes a refusal, so that a repeated call does not make it look again. @throws RpcError as {@link seeWallpaper} */
function madeOf<Result extends PhotoLaneResult | ShapeLaneResult>(result: Result, key: PictureKey, outcomes: PhotoOutcomes): Extract<Result, { outcome: 'made' | 'allowed' }> {
  if (result.outcome === 'refused') outcomes.note(key, { refusal: result.reason });
  if (result.outcome === 'busy') throw rpcError('FLOOD_WAIT_%d', result.waitS);
  if (result.outcome !== 'made' && result.outcome !== 'allowed') throw rpcError('WALLPAPER_FILE_INVALID');
  return result as Extract<Result, { outcome: 'made' | 'allowed' }>;
}
