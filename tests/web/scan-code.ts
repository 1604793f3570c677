import decodeQr from 'qr/decode.js';
import sharp from 'sharp';
import type { WebPerson } from './stage.ts';

/** What a camera sees in a window: the text of its QR code. */
export async function scanCode(person: WebPerson): Promise<string> {
  const picture = await person.page.getByRole('img', { name: 'QR code' }).screenshot();
  const { data, info } = await sharp(picture).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return decodeQr({ width: info.width, height: info.height, data });
}
