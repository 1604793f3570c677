import { createRequire } from 'node:module';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';

import { listScans } from '../src/jpeg.ts';
import { limitSharp, makePhoto } from '../src/make-photo.ts';
import type { MadePhoto, PhotoResult, PhotoUse } from '../src/protocol.ts';
import { makeJpeg, makePngBomb } from './pictures.ts';

// As a client puts a stripped preview together again.
const { strippedPhotoToJpg } = createRequire(import.meta.url)('telegram/Utils') as { strippedPhotoToJpg(stripped: Buffer): Buffer };

const pictures: Record<string, Buffer> = {};

beforeAll(async () => {
  pictures['large'] = await makeJpeg(4000, 3000);
  pictures['turned'] = await makeJpeg(1200, 600, 6);
  pictures['tiny'] = await makeJpeg(60, 40);
  pictures['medium'] = await makeJpeg(500, 1000);
  pictures['line'] = await sharp({ create: { width: 900, height: 9, channels: 3, background: '#123456' } }).png().toBuffer();
  pictures['clear'] = await sharp({ create: { width: 200, height: 100, channels: 4, background: '#00000000' } }).png().toBuffer();
  pictures['gif'] = await sharp({ create: { width: 20, height: 10, channels: 3, background: '#123456' } }).gif().toBuffer();
  pictures['animated'] = await sharp([await makeJpeg(200, 100), pictures['clear']], { join: { animated: true } }).webp().toBuffer();
  limitSharp(sharp);
});

async function made(bytes: Uint8Array, use: PhotoUse = 'message'): Promise<MadePhoto> {
  const result = await makePhoto(sharp, bytes, use);
  if (result.outcome !== 'made') throw new Error(`refused: ${result.reason}`);
  return result.photo;
}

const shapes = ({ sizes }: MadePhoto): string[] => sizes.map(({ type, width, height }) => `${type} ${width}x${height}`);
const refused = (reason: string): PhotoResult => ({ outcome: 'refused', reason }) as PhotoResult;

/** The colour of a pixel, by its place as a share of the sides. */
async function colourAt(jpeg: Uint8Array, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
  return [...data.subarray(at, at + 3)].map((value) => Math.round(value / 255));
}

describe('sizes', () => {
  test('a large photo has all sizes, each within its box', async () => {
    expect(shapes(await made(pictures['large']!))).toEqual(['s 100x75', 'm 320x240', 'x 800x600', 'y 1280x960', 'w 2560x1920']);
  });

  test('a small photo is not enlarged', async () => {
    expect(shapes(await made(pictures['medium']!))).toEqual(['s 50x100', 'm 160x320', 'x 400x800', 'y 500x1000']);
    expect(shapes(await made(pictures['tiny']!))).toEqual(['s 60x40']);
  });

  test('a photo of a bot has no size beyond 1280 pixels, and a thumbnail is one size', async () => {
    expect(shapes(await made(pictures['large']!, 'bot'))).toEqual(['s 100x75', 'm 320x240', 'x 800x600', 'y 1280x960']);
    expect(shapes(await made(pictures['large']!, 'thumb'))).toEqual(['m 320x240']);
    expect(shapes(await made(pictures['tiny']!, 'thumb'))).toEqual(['s 60x40']);
  });

  test('the sides of the picture are told as it is shown', async () => {
    expect(await makePhoto(sharp, pictures['turned']!, 'thumb')).toMatchObject({ source: { width: 600, height: 1200 } });
  });

  test('a sticker is a WebP picture of up to 512 pixels that may be transparent, and so is its thumbnail', async () => {
    const { sticker, photo } = (await makePhoto(sharp, pictures['turned']!, 'sticker')) as Extract<PhotoResult, { outcome: 'made' }>;
    expect([sticker, ...photo.sizes]).toMatchObject([{ width: 256, height: 512 }, { type: 'm', width: 64, height: 128 }]);
    const clear = (await makePhoto(sharp, pictures['clear']!, 'sticker')) as Extract<PhotoResult, { outcome: 'made' }>;
    for (const { bytes } of [clear.sticker!, ...clear.photo.sizes]) expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', hasAlpha: true });
    expect([clear.sticker!.width, clear.photo.stripped.length]).toEqual([200, 0]);
    const webp = await sharp(clear.sticker!.bytes).toBuffer();
    expect(await makePhoto(sharp, webp, 'sticker')).not.toHaveProperty('sticker');
  });

  test('the orientation that EXIF names is applied, and all metadata are removed', async () => {
    const { sizes } = await made(pictures['turned']!);
    for (const { bytes, width, height } of sizes) {
      expect(height).toBeGreaterThan(width);
      // Turned to the right: what was at the bottom left is at the top left.
      expect(await colourAt(bytes, 0.25, 0.25)).toEqual([0, 0, 1]);
      expect(await colourAt(bytes, 0.75, 0.25)).toEqual([1, 0, 0]);
      expect(await colourAt(bytes, 0.75, 0.75)).toEqual([0, 1, 0]);
      expect(Buffer.from(bytes).includes('SECRET')).toBe(false);
      expect((await sharp(bytes).metadata()).exif).toBeUndefined();
    }
  });

  test('larger sizes are progressive, and each prefix of them can be shown', async () => {
    for (const { type, bytes, prefixes } of (await made(pictures['large']!)).sizes) {
      expect((await sharp(bytes).metadata()).isProgressive ?? false).toBe('xyw'.includes(type));
      if (!'xyw'.includes(type)) continue;
      expect(prefixes).toHaveLength(5);
      expect(prefixes.at(-1)).toBe(bytes.length);
      expect(prefixes.toSorted((a, b) => a - b)).toEqual(prefixes);
      for (const prefix of prefixes) {
        const { info } = await sharp(bytes.subarray(0, prefix), { failOn: 'none' }).raw().toBuffer({ resolveWithObject: true });
        expect(info.width).toBeGreaterThan(0);
      }
    }
  });

  test('the stripped preview looks like the photo once a client has added the headers', async () => {
    const { stripped } = await made(pictures['large']!);
    expect([...stripped.subarray(0, 3)]).toEqual([1, 30, 40]);
    const jpeg = strippedPhotoToJpg(Buffer.from(stripped));
    expect(listScans(jpeg)).toHaveLength(1);
    expect(await colourAt(jpeg, 0.25, 0.25)).toEqual([1, 0, 0]);
    expect(await colourAt(jpeg, 0.75, 0.25)).toEqual([0, 1, 0]);
    expect(await colourAt(jpeg, 0.25, 0.75)).toEqual([0, 0, 1]);
  });

  test('transparent parts become white', async () => {
    const { sizes } = await made(pictures['clear']!);
    expect(await colourAt(sizes[0]!.bytes, 0.5, 0.5)).toEqual([1, 1, 1]);
  });

  test('of an animation the first picture is taken', async () => {
    const photo = await made(pictures['animated']!);
    expect(shapes(photo)).toEqual(['s 100x50', 'm 200x100']);
    expect(await colourAt(photo.sizes[1]!.bytes, 0.25, 0.25)).toEqual([1, 0, 0]);
  });
});

describe('photos of profiles', () => {
  test('are squares, no larger than the shorter side', async () => {
    expect(shapes(await made(pictures['large']!, 'profile'))).toEqual(['a 160x160', 'b 320x320', 'c 640x640']);
    expect(shapes(await made(pictures['medium']!, 'profile'))).toEqual(['a 160x160', 'b 320x320', 'c 500x500']);
    expect(shapes(await made(await makeJpeg(320, 400), 'profile'))).toEqual(['a 160x160', 'c 320x320']);
    expect(shapes(await made(await makeJpeg(160, 3000), 'profile'))).toEqual(['a 160x160', 'c 160x160']);
  });

  test('show the middle of the picture', async () => {
    const stripes = await Promise.all(['#ff0000', '#00ff00', '#0000ff'].map((background) => sharp({ create: { width: 200, height: 300, channels: 3, background } }).png().toBuffer()));
    const wide = await sharp({ create: { width: 600, height: 300, channels: 3, background: '#ffffff' } }).composite(stripes.map((input, at) => ({ input, left: at * 200, top: 0 }))).png().toBuffer();
    for (const { bytes } of (await made(wide, 'profile')).sizes) {
      expect(await colourAt(bytes, 0.05, 0.5)).toEqual([1, 0, 0]);
      expect(await colourAt(bytes, 0.5, 0.5)).toEqual([0, 1, 0]);
      expect(await colourAt(bytes, 0.95, 0.5)).toEqual([0, 0, 1]);
    }
  });

  test('are not made of pictures that are too small', async () => {
    expect(await makePhoto(sharp, await makeJpeg(159, 400), 'profile')).toEqual(refused('small'));
    expect(await makePhoto(sharp, await makeJpeg(400, 159, 6), 'profile')).toEqual(refused('small'));
  });
});

describe('hostile pictures', () => {
  test('a picture that is too long, or has too many pixels, is refused before it is decoded', async () => {
    expect(await makePhoto(sharp, makePngBomb(100_000, 1))).toEqual(refused('dimensions'));
    expect(await makePhoto(sharp, makePngBomb(60_000, 60_000, 1))).toEqual(refused('dimensions'));
    expect(await makePhoto(sharp, pictures['line']!)).toEqual(refused('dimensions'));
  });

  test('what is no JPEG, PNG or WebP is refused', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><image href="file:///etc/passwd"/></svg>');
    for (const bytes of [svg, pictures['gif']!, Buffer.from('%PDF-1.4'), Buffer.from('GIF89a'), Buffer.alloc(0)]) expect(await makePhoto(sharp, bytes)).toEqual(refused('type'));
  });

  test('a truncated or damaged picture is refused', async () => {
    const jpeg = pictures['large']!;
    expect(await makePhoto(sharp, jpeg.subarray(0, jpeg.length / 2))).toEqual(refused('unreadable'));
    expect(await makePhoto(sharp, jpeg.subarray(0, 10))).toEqual(refused('unreadable'));
    expect(await makePhoto(sharp, makePngBomb(3000, 3000, 10))).toEqual(refused('unreadable'));
    expect(await makePhoto(sharp, Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from('<svg/>')]))).toEqual(refused('unreadable'));
  });

  test('what is hidden behind a picture does not stay', async () => {
    const { sizes } = await made(Buffer.concat([pictures['medium']!, Buffer.from('PK\u0003\u0004<script>alert(1)</script>')]));
    for (const { bytes } of sizes) expect(Buffer.from(bytes).includes('script')).toBe(false);
  });

  test('other loaders of libvips are blocked', async () => {
    await expect(sharp(pictures['gif']).metadata()).rejects.toThrow();
    await expect(sharp(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>')).metadata()).rejects.toThrow();
  });
});

describe('an emoji on a background', () => {
  const drawn = async (colours: number[], isWhite = false): Promise<MadePhoto> => {
    const emoji = await sharp({ create: { width: 100, height: 100, channels: 4, background: '#00000000' } })
      .composite([{ input: { create: { width: 50, height: 50, channels: 4, background: '#0000ffff' } } }])
      .webp()
      .toBuffer();
    const result = await makePhoto(sharp, emoji, 'profile', { colours, isWhite });
    if (result.outcome !== 'made') throw new Error(`refused: ${result.reason}`);
    return result.photo;
  };

  test('is a whole photo of a profile, in its middle the emoji, although that is small', async () => {
    const photo = await drawn([0xff0000]);
    expect(shapes(photo)).toEqual(['a 160x160', 'b 320x320', 'c 640x640']);
    for (const { bytes } of photo.sizes) expect([await colourAt(bytes, 0.02, 0.02), await colourAt(bytes, 0.5, 0.5), await colourAt(bytes, 0.25, 0.25)]).toEqual([[1, 0, 0], [0, 0, 1], [1, 0, 0]]);
    expect(photo.stripped.length).toBeGreaterThan(0);
  });

  test('goes from colour to colour: from the top, or from the corners', async () => {
    const cornersOf = async (...colours: number[]): Promise<number[][]> => {
      const { bytes } = (await drawn(colours)).sizes[2]!;
      return Promise.all([[0.02, 0.02], [0.97, 0.02], [0.97, 0.97], [0.02, 0.97]].map(async ([x, y]) => colourAt(bytes, x!, y!)));
    };
    const [red, green, blue, white] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]];
    expect(await cornersOf(0xff0000, 0x00ff00)).toEqual([red, red, green, green]);
    expect(await cornersOf(0xff0000, 0x00ff00, 0x0000ff)).toEqual([red, green, blue, blue]);
    expect(await cornersOf(0xff0000, 0x00ff00, 0x0000ff, 0xffffff)).toEqual([red, green, blue, white]);
  });

  test('is white if it has no colour of its own', async () => {
    expect(await colourAt((await drawn([0xff0000], true)).sizes[2]!.bytes, 0.5, 0.5)).toEqual([1, 1, 1]);
  });
});
