import type sharpFactory from 'sharp';
import type { Sharp, SharpOptions } from 'sharp';

import { type Backdrop, PROFILE_BOXES } from './protocol.ts';

/** The side of what is drawn, in pixels. */
export const BACKDROP_SIDE = PROFILE_BOXES[2].box;
/** How large the emoji or sticker is on it, in pixels. */
const PICTURE_SIDE = 400;

/** The three bytes of a colour. */
const partsOf = (colour: number): number[] => [(colour >> 16) & 0xff, (colour >> 8) & 0xff, colour & 0xff];

/** Draws a square in these colours, three bytes a pixel: one colour fills it, two run from top to bottom, three or four run from the corners. Pure. */
function drawGradient(colours: readonly number[]): Buffer {
  const [first = 0, second = first, third = second, fourth = third] = colours;
  const corners = (colours.length < 3 ? [first, first, second, second] : [first, second, fourth, third]).map(partsOf);
  const pixels = Buffer.alloc(BACKDROP_SIDE * BACKDROP_SIDE * 3);
  let at = 0;
  for (let y = 0; y < BACKDROP_SIDE; y++) {
    const down = y / (BACKDROP_SIDE - 1);
    for (let x = 0; x < BACKDROP_SIDE; x++) {
      const right = x / (BACKDROP_SIDE - 1);
      const shares = [(1 - right) * (1 - down), right * (1 - down), (1 - right) * down, right * down];
      for (let part = 0; part < 3; part++) pixels[at++] = Math.round(shares.reduce((sum, share, corner) => sum + share * corners[corner]![part]!, 0));
    }
  }
  return pixels;
}

/** Draws a picture with transparent parts on a background of colours. @param bytes of a picture that was checked */
export async function drawOnBackdrop(sharp: typeof sharpFactory, bytes: Uint8Array, options: SharpOptions, { colours, isWhite }: Backdrop): Promise<Sharp> {
  const { data, info } = await sharp(bytes, options).resize(PICTURE_SIDE, PICTURE_SIDE, { fit: 'inside' }).toColourspace('srgb').ensureAlpha().raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  if (isWhite) for (let at = 0; at < data.length; at += 4) data.fill(0xff, at, at + 3);
  const backdrop = sharp(drawGradient(colours), { raw: { width: BACKDROP_SIDE, height: BACKDROP_SIDE, channels: 3 } });
  const drawn = await backdrop.composite([{ input: data, raw: { width: info.width, height: info.height, channels: 4 } }]).removeAlpha().raw({ depth: 'uchar' }).toBuffer();
  return sharp(drawn, { raw: { width: BACKDROP_SIDE, height: BACKDROP_SIDE, channels: 3 } });
}
