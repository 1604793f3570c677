import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';

import { readAnimationSides, readWebpSides } from '../src/sticker-shape.ts';

const create = (width: number, height: number, channels: 3 | 4 = 3) => sharp({ create: { width, height, channels, background: { r: 9, g: 80, b: 200, alpha: 0.5 } } });

describe('the sides of a WebP file', () => {
  test('are those of its picture, in all three forms', async () => {
    const extended = await create(300, 301, 4).withExif({ IFD0: { Copyright: 'me' } }).webp().toBuffer();
    expect(extended.toString('latin1', 12, 16)).toBe('VP8X');
    expect(readWebpSides(extended)).toEqual({ width: 300, height: 301 });
    expect(readWebpSides(await create(512, 17).webp().toBuffer())).toEqual({ width: 512, height: 17 });
    expect(readWebpSides(await create(16_383, 3, 4).webp({ lossless: true }).toBuffer())).toEqual({ width: 16_383, height: 3 });
  });

  test('are the largest that it names', async () => {
    const file = await create(300, 301, 4).withExif({ IFD0: { Copyright: 'me' } }).webp().toBuffer();
    file.writeUIntLE(9, 24, 3);
    file.writeUIntLE(4999, 27, 3);
    expect(readWebpSides(file)).toEqual({ width: 300, height: 5000 });
  });

  test('are unknown of a file that moves, is cut, has two pictures, or is no WebP file', async () => {
    const frames = await Promise.all([create(20, 20).png().toBuffer(), create(20, 20).negate().png().toBuffer()]);
    expect(readWebpSides(await sharp(frames, { join: { animated: true } }).webp().toBuffer())).toBeUndefined();
    const file = await create(20, 20).webp().toBuffer();
    for (let length = 0; length < file.length - 1; length++) expect(readWebpSides(file.subarray(0, length))).toBeUndefined();
    expect(readWebpSides(Buffer.concat([file, file.subarray(12)]))).toBeUndefined();
    expect(readWebpSides(randomBytes(1000))).toBeUndefined();
  });
});

test('the sides of an animated sticker are those that it names; what is none, or grows too long, has none', async () => {
  const read = (text: string) => readAnimationSides(gzipSync(text));
  expect(await read('{"tgs":1,"w":512,"h":100}')).toEqual({ width: 512, height: 100 });
  expect(await read('{"v":"5.5.2","w":1,"h":2}')).toEqual({ width: 1, height: 2 });
  for (const text of ['{"w":512,"h":512}', '{"tgs":1,"w":"512","h":512}', '[1]', 'null', '1', '{', `{"tgs":1,"w":1,"h":1,"a":"${'a'.repeat(2 ** 20)}"}`]) expect(await read(text), text.slice(0, 50)).toBeUndefined();
  expect(await readAnimationSides(Buffer.from('{"tgs":1,"w":512,"h":512}'))).toBeUndefined();
});
