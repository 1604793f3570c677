import type sharpFactory from 'sharp';
import type { Sharp, SharpOptions } from 'sharp';

import { BACKDROP_SIDE, drawOnBackdrop } from './draw-backdrop.ts';
import { listPrefixes, stripJpeg } from './jpeg.ts';
import { detectPictureType } from './picture-type.ts';
import { type Backdrop, type MadePhoto, type MadeSize, type MadeSticker, PHOTO_BOXES, PHOTO_RATIO_MAX, PHOTO_SIDES_MAX, type PhotoResult, type PhotoUse, PROFILE_BOXES } from './protocol.ts';

/** The function that the package sharp exports. */
export type SharpFactory = typeof sharpFactory;

/** The parts of libvips that read a picture. All others are blocked. */
const LOADERS = ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'];
/** No picture whose sides are within the limit has more pixels. */
const PIXELS_MAX = (PHOTO_SIDES_MAX / 2) ** 2;
/** EXIF orientations from this one on turn a picture by a quarter. */
const QUARTER_TURN = 5;

const QUALITY = 87;
/** Smaller sizes than this are too short for a progressive JPEG to be of use, in pixels of the longer side. */
const PROGRESSIVE_FROM = 400;
/** The longer side of a stripped preview in pixels, as clients expect it. */
const STRIPPED_SIDE = 40;
/** The quality of the tables of a stripped preview, as clients expect it. */
const STRIPPED_QUALITY = 20;

const WHITE = '#ffffff';
/** The longest side of photos that bots send, in pixels: sizes beyond it are left out. */
const BOT_SIDE_MAX = 1280;
/** The longest side of a thumbnail, in pixels. */
const THUMB_SIDE_MAX = 320;
/** The longest side of a sticker, and of its thumbnail, in pixels. */
const STICKER_SIDE_MAX = 512;

const STICKER_THUMB_SIDE = 128;
const STICKER_THUMB_TYPE = 'm';
/** The shorter side of a picture for a profile has at least so many pixels: the smallest size is not made larger than it is. */
const PROFILE_SIDE_MIN = PROFILE_BOXES[0].box;

/** Makes sharp refuse everything but pictures of the types that photos have, and keep nothing in memory. Call it once. */
export function limitSharp(sharp: SharpFactory): void {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS });
  sharp.cache(false);
  sharp.concurrency(1);
}

/** A decoded picture: pixels of three bytes. */
interface Pixels {
  data: Buffer;
  width: number;
  height: number;
}

/**
 * Makes the sizes of a photo from an uploaded picture. The orientation that EXIF names is applied; all metadata are dropped; transparent parts become white; of
 * an animation, the first picture is taken. Never throws for what is in the picture.
 * @param backdrop the picture is drawn on it, and becomes the photo of a profile
 */
export async function makePhoto(sharp: SharpFactory, bytes: Uint8Array, use: PhotoUse = 'message', backdrop?: Backdrop): Promise<PhotoResult> {
  if (detectPictureType(bytes) === undefined) return { outcome: 'refused', reason: 'type' };
  const options: SharpOptions = { limitInputPixels: PIXELS_MAX, failOn: 'error', pages: 1, sequentialRead: true };
  try {
    // Reads only the header.
    const { width, height, orientation = 1 } = await sharp(bytes, { ...options, limitInputPixels: false }).metadata();
    const shape = orientation >= QUARTER_TURN ? { width: height, height: width } : { width, height };
    if (!isAllowed(shape)) return { outcome: 'refused', reason: 'dimensions' };
    if (backdrop !== undefined) {
      const drawn = await drawOnBackdrop(sharp, bytes, options, backdrop);
      return { outcome: 'made', source: shape, photo: await makeSizes(sharp, drawn, planOf({ width: BACKDROP_SIDE, height: BACKDROP_SIDE }, 'profile')) };
    }
    if (use === 'profile' && Math.min(shape.width, shape.height) < PROFILE_SIDE_MIN) return { outcome: 'refused', reason: 'small' };
    if (use === 'sticker' || use === 'set') return { outcome: 'made', source: shape, ...(await makeSticker(sharp, bytes, { options, keepsWebp: use === 'sticker' })) };
    return { outcome: 'made', source: shape, photo: await makeSizes(sharp, sharp(bytes, options), planOf(shape, use)) };
  } catch {
    return { outcome: 'refused', reason: 'unreadable' };
  }
}

function isAllowed({ width, height }: Pick<Pixels, 'width' | 'height'>): boolean {
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  return short > 0 && width + height <= PHOTO_SIDES_MAX && long <= PHOTO_RATIO_MAX * short;
}

/** The sizes to make, smallest first. */
interface Plan {
  boxes: readonly { type: string; box: number }[];
  /** How a picture is fitted into a box: the whole of it, or its middle as a square. */
  fit: 'inside' | 'cover';
}

/** The largest box of what is not cut to a square, in pixels. */
const BOX_MAX: Readonly<Record<'message' | 'bot' | 'thumb', number>> = { message: Infinity, bot: BOT_SIDE_MAX, thumb: THUMB_SIDE_MAX };

/** Sizes that would be larger than the picture are left out, but for the first of them, which is then as large as the picture. A profile always has its smallest and its largest size. Pure. */
function planOf({ width, height }: Pick<Pixels, 'width' | 'height'>, use: Exclude<PhotoUse, 'sticker' | 'set'>): Plan {
  if (use !== 'profile') {
    const side = Math.max(width, height);
    const boxes = PHOTO_BOXES.slice(0, 1 + PHOTO_BOXES.findIndex(({ box }) => box >= side) || undefined).filter(({ box }) => box <= BOX_MAX[use]);
    // A document has one thumbnail.
    return { boxes: use === 'thumb' ? boxes.slice(-1) : boxes, fit: 'inside' };
  }
  const side = Math.min(width, height);
  const [smallest, middle, largest] = PROFILE_BOXES;
  // TDLib takes no photo for that of a chat if it lacks the largest or the smallest size.
  const boxes = [smallest, ...(middle.box < side ? [middle] : []), largest];
  // A square must be told its side: with a box larger than the picture, sharp would not cut it to a square.
  return { boxes: boxes.map(({ type, box }) => ({ type, box: Math.min(box, side) })), fit: 'cover' };
}

/** The picture is decoded once, into the pixels of its largest size; each smaller size is made of the next larger one. */
async function makeSizes(sharp: SharpFactory, source: Sharp, { boxes, fit }: Plan): Promise<MadePhoto> {
  const sizes: MadeSize[] = [];
  let pixels: Pixels | undefined;
  for (const { type, box } of boxes.toReversed()) {
    const from = pixels === undefined ? source.autoOrient().flatten({ background: WHITE }).toColourspace('srgb') : fromPixels(sharp, pixels);
    pixels = await shrink(from, box, fit);
    sizes.unshift({ type, ...(await encode(sharp, pixels)) });
  }
  return { sizes, stripped: await makeStripped(sharp, pixels!) };
}

/** Makes a sticker of a picture, and the thumbnail of a sticker. Both may have transparent parts. @param how.keepsWebp makes none of a WebP file, which is one already */
async function makeSticker(sharp: SharpFactory, bytes: Uint8Array, { options, keepsWebp }: { options: SharpOptions; keepsWebp: boolean }): Promise<{ photo: MadePhoto; sticker?: MadeSticker }> {
  const inside = async (source: Sharp, box: number): Promise<MadeSticker> => {
    const { data, info } = await source.resize(box, box, { fit: 'inside', withoutEnlargement: true }).toColourspace('srgb').webp({ quality: QUALITY }).toBuffer({ resolveWithObject: true });
    return { bytes: data, width: info.width, height: info.height };
  };
  const sticker = keepsWebp && detectPictureType(bytes) === 'webp' ? undefined : await inside(sharp(bytes, options).autoOrient(), STICKER_SIDE_MAX);
  const thumb = await inside(sharp(sticker?.bytes ?? bytes, options), STICKER_THUMB_SIDE);
  return { ...(sticker === undefined ? {} : { sticker }), photo: { sizes: [{ type: STICKER_THUMB_TYPE, ...thumb, prefixes: [] }], stripped: new Uint8Array() } };
}

async function shrink(from: Sharp, box: number, fit: Plan['fit'] = 'inside'): Promise<Pixels> {
  const { data, info } = await from.resize(box, box, { fit, withoutEnlargement: true }).removeAlpha().raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

function fromPixels(sharp: SharpFactory, { data, width, height }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

async function encode(sharp: SharpFactory, pixels: Pixels): Promise<Omit<MadeSize, 'type'>> {
  const { width, height } = pixels;
  const progressive = Math.max(width, height) >= PROGRESSIVE_FROM;
  const bytes = await fromPixels(sharp, pixels).jpeg({ quality: QUALITY, progressive }).toBuffer();
  return { width, height, bytes, prefixes: progressive ? listPrefixes(bytes) : [] };
}

async function makeStripped(sharp: SharpFactory, pixels: Pixels): Promise<Uint8Array> {
  const small = await shrink(fromPixels(sharp, pixels), STRIPPED_SIDE);
  return stripJpeg(await fromPixels(sharp, small).jpeg({ quality: STRIPPED_QUALITY, chromaSubsampling: '4:2:0', optimiseCoding: false }).toBuffer(), small);
}
