import { deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** A colourful JPEG: red in the top left quarter, green right of it, blue below. */
export async function makeJpeg(width: number, height: number, orientation?: number): Promise<Buffer> {
  const [w, h] = [Math.max(1, Math.floor(width / 2)), Math.max(1, Math.floor(height / 2))];
  const tile = (background: string): Promise<Buffer> => sharp({ create: { width: w, height: h, channels: 3, background } }).png().toBuffer();
  const [red, green] = await Promise.all(['#ff0000', '#00ff00'].map(tile));
  const picture = sharp({ create: { width, height, channels: 3, background: '#0000ff' } }).composite([{ input: red!, left: 0, top: 0 }, { input: green!, left: width - w, top: 0 }]);
  return (orientation === undefined ? picture : picture.withMetadata({ orientation, exif: { IFD0: { Copyright: 'SECRET PLACE' } } })).jpeg().toBuffer();
}

/** A PNG that says it has these sides, with rows of zeros. */
export function makePngBomb(width: number, height: number, rows = height): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([1, 0, 0, 0, 0], 8);
  const data = deflateSync(Buffer.alloc(rows * (1 + Math.ceil(width / 8))));
  return Buffer.concat([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
