import { deflateSync } from 'node:zlib';
import type { Device } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSample } from '../../packages/media/test/samples.ts';
import { upload } from './file-stage.ts';
import { bomb, makePicture } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

type Hostile = readonly [name: string, mimeType: string, bytes: Buffer];

/** Numbers that are the same at every run. */
function* sequence(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state;
  }
}

/** A file in which some bytes are others. */
function damaged(bytes: Buffer, seed: number): Buffer {
  const numbers = sequence(seed);
  const copy = Buffer.from(bytes);
  for (let at = 0; at < 12; at++) copy[numbers.next().value % copy.length] = numbers.next().value & 0xff;
  return copy;
}

/** A PNG file with one more chunk before its pixels. */
function withChunk(png: Buffer, type: string, data: Buffer): Buffer {
  const [length, body] = [Buffer.alloc(4), Buffer.concat([Buffer.from(type, 'latin1'), data, Buffer.alloc(4)])];
  length.writeUInt32BE(data.length);
  return Buffer.concat([png.subarray(0, 33), length, body, png.subarray(33)]);
}

async function pictures(): Promise<Hostile[]> {
  const good = await makePicture(512, 300, 'png');
  const files: Hostile[] = [1, 511, 513, 4096, 20_000, 65_000, 1_000_000, 2 ** 31 - 1].map((side) => [`a PNG of ${side} pixels`, 'image/png', bomb(side)]);
  for (let n = 1; n <= 8; n++) files.push([`the beginning of a PNG, ${n}`, 'image/png', good.subarray(0, Math.floor((good.length * n) / 9))]);
  for (let n = 1; n <= 12; n++) files.push([`a damaged PNG, ${n}`, 'image/png', damaged(good, n)]);
  for (const type of ['iCCP', 'zTXt', 'iTXt', 'acTL']) files.push([`a PNG with a bomb in ${type}`, 'image/png', withChunk(good, type, Buffer.concat([Buffer.from('a\0\0'), deflateSync(Buffer.alloc(20_000_000))]))]);
  for (const format of ['gif', 'jpeg'] as const) files.push([`a ${format}`, 'image/png', await makePicture(512, 300, format)]);
  files.push(['a picture in SVG', 'image/png', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>')]);
  return files;
}

function videos(): Hostile[] {
  const good = readSample('sticker.webm');
  const files: Hostile[] = [['a video that is too long', 'video/webm', readSample('film.webm')], ['another kind of video', 'video/webm', readSample('film.mp4')], ['nothing', 'video/webm', Buffer.from('x')]];
  for (let n = 1; n <= 8; n++) files.push([`the beginning of a video, ${n}`, 'video/webm', good.subarray(0, Math.floor((good.length * n) / 9))]);
  for (let n = 1; n <= 16; n++) files.push([`a damaged video, ${n}`, 'video/webm', damaged(good, 100 + n)]);
  return files;
}

/** What is said of files that are no stickers. Whatever else is answered is a fault of the server. */
const REFUSALS = /^(?:STICKER_\w+|FILE_\w+|MEDIA_\w+|IMAGE_PROCESS_FAILED|PHOTO_\w+)$/;

/** How much CPU the server may take for each file, in milliseconds: its own process, without those that look into files, whose CPU is bounded by themselves. */
const CPU_MAX_MS = 400;

async function tryFile(device: Device, [name, mimeType, bytes]: Hostile, at: number): Promise<string | undefined> {
  const media: tl.TypeInputMedia = { _: 'inputMediaUploadedDocument', file: await upload(device, { bytes, name: 'sticker' }), mimeType, attributes: [] };
  try {
    const made = (await device.call({ _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' }, media })) as tl.RawMessageMediaDocument;
    const { id, accessHash, fileReference } = made.document as tl.RawDocument;
    const sticker: tl.TypeInputStickerSetItem = { _: 'inputStickerSetItem', document: { _: 'inputDocument', id, accessHash, fileReference }, emoji: '🐙' };
    const { documents: [document] } = (await device.call({ _: 'stickers.createStickerSet', userId: { _: 'inputUserSelf' }, title: 'A', shortName: `hostile_${at}`, stickers: [sticker] })) as tl.messages.RawStickerSet;
    // What is damaged, or called by another name, may still be a picture or a video: then it is made anew, and a sticker as any other.
    const isPlain = document?._ === 'document' && ['image/webp', 'video/webm'].includes(document.mimeType) && /damaged|beginning|bomb|jpeg/.test(name);
    return isPlain ? undefined : `${name}: taken`;
  } catch (error) {
    const { text } = error as { text?: string };
    return text !== undefined && REFUSALS.test(text) ? undefined : `${name}: ${String(error)}`;
  }
}

test('hostile pictures and videos become no stickers, hold nobody up, and cost little', async () => {
  const people = await Promise.all([1, 2, 3].map((n) => scenario.world.user(`Mallory ${n}`)));
  const files = [...(await pictures()), ...videos()];
  const before = process.cpuUsage();
  const faults: string[] = [];
  for (const [at, file] of files.entries()) {
    const fault = await tryFile(people[at % people.length]!.main, file, at);
    if (fault !== undefined) faults.push(fault);
  }
  const { user, system } = process.cpuUsage(before);
  expect(faults).toEqual([]);
  expect((user + system) / 1000 / files.length).toBeLessThan(CPU_MAX_MS);
  // The server still makes stickers.
  const good = await tryFile(people[0]!.main, ['a damaged one that is none', 'image/png', await makePicture(512, 310, 'png')], files.length);
  expect(good).toBeUndefined();
});
