import { createRequire } from 'node:module';
import sharp from 'sharp';
import type { MadePhoto, PhotoLane, PhotoUse } from '@aerogram/media';
import type { TestPicture } from './test-pictures.ts';

// As a client puts a stripped preview together again.
const { strippedPhotoToJpg } = createRequire(`${process.cwd()}/package.json`)('telegram/Utils') as { strippedPhotoToJpg(stripped: Buffer): Buffer };

/**
 * How much a generated picture may differ from what bare sharp makes of the upright picture in one step, in steps of 255: on average over all values, and on
 * average over the square of 1/8 of the sides that differs most. The square shows what is wrong in one place only, such as a corner that is black.
 */
export const DIFFERENCE_MAX = { mean: 3, square: 10 };
/** The same for pictures whose shorter side has fewer than 160 pixels: a JPEG keeps less of lines that are as thin as a pixel. */
export const SMALL_MAX = { mean: 5, square: 16 };

const SMALL_SIDE = 160;
/** The same for the preview, which has at most 40 pixels a side and is compressed strongly. */
export const PREVIEW_MAX = { mean: 16, square: 42 };

const PREVIEW = 'preview';
const SQUARES = 8;

/** How much two pictures of the same size differ, of 255. */
export interface Difference {
  mean: number;
  square: number;
}

/** A generated picture beside its reference. */
export interface ComparedSize {
  /** The letter of the size, or what else it is. */
  type: string;
  width: number;
  height: number;
  jpeg: Buffer;
  reference: Buffer;
  difference: Difference;
  most: Difference;
  /** What should have been removed from the file. */
  leftMetadata: string[];
}

/** Compares the pixels of two pictures of the same size. */
export async function findDifference(one: Buffer, other: Buffer): Promise<Difference> {
  const [a, b] = await Promise.all([one, other].map((bytes) => sharp(bytes).toColourspace('srgb').removeAlpha().raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })));
  const { width, height, channels } = a!.info;
  if (b!.info.width !== width || b!.info.height !== height || b!.info.channels !== channels) throw new Error('the pictures have different sizes');
  const [sums, counts] = [new Float64Array(SQUARES ** 2), new Float64Array(SQUARES ** 2)];
  for (let at = 0; at < a!.data.length; at++) {
    const pixel = Math.floor(at / channels);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const square = Math.floor((y * SQUARES) / height) * SQUARES + Math.floor((x * SQUARES) / width);
    sums[square]! += Math.abs(a!.data[at]! - b!.data[at]!);
    counts[square]!++;
  }
  const means = [...sums].flatMap((sum, at) => (counts[at]! > 0 ? sum / counts[at]! : []));
  return { mean: sums.reduce((all, sum) => all + sum, 0) / a!.data.length, square: Math.max(...means) };
}

async function listMetadata(jpeg: Buffer): Promise<string[]> {
  const { exif, icc, iptc, xmp, orientation } = await sharp(jpeg).metadata();
  return Object.entries({ exif, icc, iptc, xmp, orientation }).flatMap(([name, value]) => (value === undefined ? [] : name));
}

async function compareOne(type: string, jpeg: Buffer, { upright, tolerance }: Pick<TestPicture, 'upright' | 'tolerance'>, fit: 'cover' | 'fill'): Promise<ComparedSize> {
  const { width, height } = await sharp(jpeg).metadata();
  const reference = await sharp(upright).resize(width, height, { fit }).png().toBuffer();
  const most = type === PREVIEW ? PREVIEW_MAX : Math.min(width, height) < SMALL_SIDE ? SMALL_MAX : DIFFERENCE_MAX;
  const allowed = { mean: most.mean * tolerance, square: most.square * tolerance };
  return { type, width, height, jpeg, reference, difference: await findDifference(jpeg, reference), most: allowed, leftMetadata: await listMetadata(jpeg) };
}

/** Compares all sizes of a photo, and its preview, with its picture. */
export async function comparePhoto(photo: MadePhoto, picture: Pick<TestPicture, 'upright' | 'tolerance'>, use: PhotoUse): Promise<ComparedSize[]> {
  const fit = use === 'profile' ? 'cover' : 'fill';
  const sizes = await Promise.all(photo.sizes.map(({ type, bytes }) => compareOne(type, Buffer.from(bytes), picture, fit)));
  return [...sizes, await compareOne(PREVIEW, strippedPhotoToJpg(Buffer.from(photo.stripped)), picture, fit)];
}

/** Makes all sizes of a picture as the server does, in its own process, and compares them. A picture that is too small for a profile has none of those sizes. */
export async function comparePicture(lane: PhotoLane, picture: TestPicture): Promise<ComparedSize[]> {
  const compared: ComparedSize[] = [];
  for (const use of ['message', 'profile'] as const) {
    const result = await lane.make(1n, use, (length) => Promise.resolve(picture.bytes.subarray(0, length)));
    if (result.outcome === 'made') compared.push(...(await comparePhoto(result.photo, picture, use)));
    else if (use === 'message' || result.outcome !== 'refused' || result.reason !== 'small') throw new Error(`${picture.name}: ${JSON.stringify(result)}`);
  }
  return compared;
}

/** Whether a size is as it should be. */
export function isGood({ difference, most, leftMetadata }: ComparedSize): boolean {
  return difference.mean <= most.mean && difference.square <= most.square && leftMetadata.length === 0;
}
