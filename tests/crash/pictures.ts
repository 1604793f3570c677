import type { RawAccount } from '@aerogram/dev-env/load';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import sharp from 'sharp';
import { loadAt } from './load-at.ts';

/** The pictures have 6 × 6 × 6 colours, so far apart that no size of one can be taken for that of another. */
const STEPS = 6;
const STEP = 51;
/** How far JPEG and the noise may move a colour. */
const COLOUR_TOLERANCE = 18;

const colourOf = (n: number): [number, number, number] => [n % STEPS, Math.floor(n / STEPS) % STEPS, Math.floor(n / STEPS ** 2) % STEPS].map((step) => step * STEP) as [number, number, number];

/** A JPEG that no other call makes: one colour, which follows from a number, with some noise in the corner. */
export function makePicture(n: number, random: Random, [width, height]: readonly [number, number] = [900, 600]): Promise<Buffer> {
  const [r, g, b] = colourOf(n);
  const noise = { input: Buffer.from(random.bytes(16 * 16 * 3)), raw: { width: 16, height: 16, channels: 3 as const }, left: 0, top: 0 };
  return sharp({ create: { width, height, channels: 3, background: { r, g, b } } }).composite([noise]).jpeg().toBuffer();
}

/**
 * Loads all sizes of a photo, and compares each with what the photo says of it.
 * @param n the number of the picture; undefined if it is not known
 * @throws if one cannot be loaded or is not what it should be
 */
export async function checkPhoto(account: RawAccount, photo: tl.Photo | undefined, n: number | undefined): Promise<void> {
  if (photo?._ !== 'photo') throw new Error('the photo is gone');
  const { id, access_hash, file_reference } = photo;
  const sizes = photo.sizes.filter((size) => size._ === 'photoSize' || size._ === 'photoSizeProgressive');
  if (sizes.length === 0) throw new Error(`photo ${id} has no sizes`);
  for (const size of sizes) {
    const bytes = await loadAt(account, { _: 'inputPhotoFileLocation', id, access_hash, file_reference, thumb_size: size.type });
    await checkSize(bytes, size, n);
  }
}

/** @throws if the bytes are not this size of the picture */
export async function checkSize(bytes: Uint8Array, size: tl.photoSize | tl.photoSizeProgressive, n: number | undefined): Promise<void> {
  const length = size._ === 'photoSize' ? size.size : size.sizes.at(-1);
  if (bytes.length !== length) throw new Error(`size ${size.type} has ${bytes.length} bytes instead of ${length}`);
  const { format, width, height } = await sharp(bytes).metadata();
  if (format !== 'jpeg' || width !== size.w || height !== size.h) throw new Error(`size ${size.type} is ${format} ${width}x${height} instead of ${size.w}x${size.h}`);
  if (n !== undefined) await checkColour(bytes, n);
}

/** @throws if this is not the picture with this number */
export async function checkColour(bytes: Uint8Array, n: number): Promise<void> {
  const { channels } = await sharp(bytes).stats();
  if (colourOf(n).some((value, at) => Math.abs(channels[at]!.mean - value) > COLOUR_TOLERANCE)) throw new Error(`it shows another picture than number ${n}`);
}
