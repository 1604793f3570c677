import { type ErrorName, rpcError } from '@aerogram/errors';
import { ANIMATION_BYTES_MAX, type Busy, detectPictureType, type MadePhoto, type Sides, TYPE_BYTES } from '@aerogram/media';
import type { tl } from '@aerogram/tl';

import { ANIMATION_TYPE, STICKER_SIDE_MAX } from '../documents/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import type { UploadBytes } from './uploaded-bytes.ts';

/** What a file of a sticker set is for: a sticker, a mask, a custom emoji, or the picture of a set. */
export type SetFileUse = 'stickers' | 'masks' | 'emoji' | 'thumb';

/** A file as sticker sets have it, and how it is described, without what its set says of it. */
export interface SetFile {
  bytes: Uint8Array;
  mimeType: string;
  attributes: tl.DocumentAttribute[];
  /** For its thumbnail; absent if the server can make none. */
  picture: MadePhoto | undefined;
}

const WEBP_TYPE = 'image/webp';
const VIDEO_TYPE = 'video/webm';
/** The side of a custom emoji and of the picture of a set, in pixels. */
const EMOJI_SIDE = 100;
/** The longest pictures that are looked into, in bytes. */
const PICTURE_BYTES_MAX = 2 * 1024 * 1024;
/** The longest files of a set, in bytes, and the longest of its picture (core.telegram.org/stickers). */
const BYTES_MAX = { picture: 512 * 1024, pictureOfSet: 128 * 1024, animationOfSet: 32 * 1024, video: 256 * 1024, videoOfSet: 32 * 1024 } as const;
/** How long a video may last, in seconds: three, and what its last frame may add. */
const VIDEO_SECONDS_MAX = 3.1;

/** The errors for files that are none of a set: of stickers, and of the picture of a set. */
const REFUSALS = {
  picture: { sticker: 'STICKER_PNG_NOPNG', thumb: 'STICKER_THUMB_PNG_NOPNG' },
  animation: { sticker: 'STICKER_TGS_NOTGS', thumb: 'STICKER_THUMB_TGS_NOTGS' },
  video: { sticker: 'STICKER_VIDEO_NOWEBM', thumb: 'STICKER_VIDEO_NOWEBM' },
} as const satisfies Record<string, Record<'sticker' | 'thumb', ErrorName>>;

/** Who makes a sticker, and for what. */
export interface SetFileWish {
  /** Who pays for the CPU time. */
  userId: bigint;
  use: SetFileUse;
  /** As the document says. */
  mimeType: string;
}

/**
 * Makes the file of a sticker set: of a PNG or WebP picture a WebP file without what else is in it; animations and videos stay as they are, if they are what sets may have.
 * @throws RpcError STICKER_PNG_NOPNG, STICKER_PNG_DIMENSIONS, STICKER_TGS_NOTGS, STICKER_VIDEO_NOWEBM, STICKER_VIDEO_BIG, STICKER_THUMB_PNG_NOPNG, STICKER_THUMB_TGS_NOTGS, STICKER_FILE_INVALID (this server
 * cannot look into such files), FLOOD_WAIT_%d
 */
export async function makeSetFile(lanes: Pick<DomainDeps, 'photos' | 'media'>, wish: SetFileWish, file: UploadBytes): Promise<SetFile> {
  const head = await file.read(0, Math.min(file.size, TYPE_BYTES));
  if (detectPictureType(head) !== undefined) return makePicture(lanes, wish, file);
  if (wish.mimeType === VIDEO_TYPE) return checkVideo(lanes, wish, file);
  if (wish.mimeType === ANIMATION_TYPE) return checkAnimation(lanes, wish, file);
  throw refusal('picture', wish);
}

const refusal = (kind: keyof typeof REFUSALS, { use }: SetFileWish): Error => rpcError(REFUSALS[kind][use === 'thumb' ? 'thumb' : 'sticker']);

/** Whether a file of a set may have these sides. Custom emoji and pictures of sets are squares; one side of a sticker is as long as it may be. */
function areOf(use: SetFileUse, sides: Sides | undefined): sides is Sides {
  if (sides === undefined) return false;
  const { width, height } = sides;
  if (use === 'emoji' || use === 'thumb') return width === EMOJI_SIDE && height === EMOJI_SIDE;
  return Math.max(width, height) === STICKER_SIDE_MAX && Math.min(width, height) > 0;
}

/** What was seen in a file. @throws RpcError STICKER_FILE_INVALID (this server cannot look into such files), FLOOD_WAIT_%d (it has no time now) */
function lookedAt<R extends { outcome: string }>(result: R | Busy | undefined): Exclude<R, { outcome: 'unavailable' } | Busy> {
  if (result === undefined || result.outcome === 'unavailable') throw rpcError('STICKER_FILE_INVALID');
  if (isBusy(result)) throw rpcError('FLOOD_WAIT_%d', result.waitS);
  // The cast is safe: the other outcomes are refused above.
  return result as Exclude<R, { outcome: 'unavailable' } | Busy>;
}

const isBusy = (result: { outcome: string }): result is Busy => result.outcome === 'busy';

async function makePicture({ photos }: Pick<DomainDeps, 'photos'>, wish: SetFileWish, { size, read }: UploadBytes): Promise<SetFile> {
  if (size > PICTURE_BYTES_MAX) throw refusal('picture', wish);
  const result = lookedAt(await photos?.make(wish.userId, 'set', (length = size) => read(0, Math.min(length, size))));
  if (result.outcome === 'refused' || result.sticker === undefined) throw refusal('picture', wish);
  if (!areOf(wish.use, result.source)) throw rpcError('STICKER_PNG_DIMENSIONS');
  const { bytes, width: w, height: h } = result.sticker;
  if (bytes.length > (wish.use === 'thumb' ? BYTES_MAX.pictureOfSet : BYTES_MAX.picture)) throw refusal('picture', wish);
  return { bytes, mimeType: WEBP_TYPE, attributes: [{ _: 'documentAttributeImageSize', w, h }], picture: result.photo };
}

async function checkAnimation({ photos }: Pick<DomainDeps, 'photos'>, wish: SetFileWish, { size, read }: UploadBytes): Promise<SetFile> {
  if (wish.use === 'masks' || size > (wish.use === 'thumb' ? BYTES_MAX.animationOfSet : ANIMATION_BYTES_MAX)) throw refusal('animation', wish);
  const result = lookedAt(await photos?.readShape(wish.userId, { shapeOf: 'set_animation', size, read }));
  if (result.outcome === 'refused') throw refusal('animation', wish);
  const { width: w, height: h } = result.shape;
  return { bytes: await read(0, size), mimeType: ANIMATION_TYPE, attributes: [{ _: 'documentAttributeImageSize', w, h }], picture: undefined };
}

async function checkVideo({ media }: Pick<DomainDeps, 'media'>, wish: SetFileWish, { size, read }: UploadBytes): Promise<SetFile> {
  if (wish.use === 'masks') throw refusal('video', wish);
  if (size > (wish.use === 'thumb' ? BYTES_MAX.videoOfSet : BYTES_MAX.video)) throw rpcError('STICKER_VIDEO_BIG');
  const result = lookedAt(await media?.describe(wish.userId, { size, read, wants: { picture: true, waveform: false, animation: false } }));
  if (result.outcome !== 'read') throw refusal('video', wish);
  const { type, codec, hasSound, video, durationS } = result.facts;
  const isVideo = type === 'matroska' && codec === 'vp9' && !hasSound && durationS !== undefined && durationS <= VIDEO_SECONDS_MAX;
  if (!isVideo || !areOf(wish.use, video)) throw refusal('video', wish);
  const { width: w, height: h } = video;
  return { bytes: await read(0, size), mimeType: VIDEO_TYPE, attributes: [{ _: 'documentAttributeVideo', nosound: true, duration: durationS, w, h }], picture: result.picture };
}
