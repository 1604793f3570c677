import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';

import { AVATAR_BYTES_MAX, type AvatarResult, type AvatarWants, makeAvatar, type MadeAvatar } from '../src/make-avatar.ts';
import { describeMedia } from '../src/media-facts.ts';
import type { MediaFacts } from '../src/media-result.ts';
import { loadMediaTools, type MediaTools } from '../src/media-tools.ts';
import { findFfmpeg } from '../src/run-ffmpeg.ts';
import { drawSample, findBehind, readSample } from './samples.ts';

const HAS_FFMPEG = (await findFfmpeg()).isThere;

let tools: MediaTools;
beforeAll(async () => {
  const loaded = await loadMediaTools();
  if (!loaded.isThere) throw new Error(loaded.reason);
  ({ tools } = loaded);
});

const readerOf = (file: Uint8Array) => (from: number, to: number): Promise<Uint8Array> => Promise.resolve(file.subarray(from, to));
const make = (file: Uint8Array, wants: Partial<AvatarWants> = {}, on = tools): Promise<AvatarResult> => makeAvatar(on, { size: file.length, avatar: { startS: 0, frame: false, ...wants } }, readerOf(file));

async function madeOf(file: Uint8Array, wants: Partial<AvatarWants> = {}): Promise<MadeAvatar> {
  const result = await make(file, wants);
  if (result.outcome !== 'made') throw new Error(`the video is ${result.outcome}`);
  return result.avatar;
}

async function factsOf(file: Uint8Array): Promise<MediaFacts> {
  const result = await describeMedia(tools, { size: file.length, wants: { picture: false, waveform: false, animation: false } }, readerOf(file));
  if (result.outcome !== 'read') throw new Error('the file could not be read');
  return result.facts;
}

/** Makes a video, usually of the test picture of ffmpeg. @param how.source a source of ffmpeg, without its size and time */
function film(size: string, seconds: number, rate = 15, { codec = 'libx264', source = 'testsrc=', more = [] }: { codec?: string; source?: string; more?: readonly string[] } = {}): Buffer {
  const fast = codec === 'libx264' ? ['-preset', 'ultrafast'] : [];
  return drawSample('-f', 'lavfi', '-i', `${source}size=${size}:rate=${rate}:duration=${seconds}`, '-c:v', codec, ...fast, '-pix_fmt', 'yuv420p', ...more, '-movflags', 'frag_keyframe+empty_moov', '-f', 'mp4');
}

describe('a video for a profile', () => {
  test('is copied without its sound and its metadata, and its index comes first', async () => {
    const file = readSample('avatar.mp4');
    expect(await factsOf(file)).toMatchObject({ hasSound: true, isStreamable: false, title: 'secret' });
    const { bytes, width, height, startS } = await madeOf(file, { startS: 1.2 });
    expect({ width, height, startS }).toEqual({ width: 240, height: 240, startS: 1.2 });
    expect(await factsOf(bytes)).toMatchObject({ video: { width: 240, height: 240 }, hasSound: false, isStreamable: true, title: undefined, durationS: 2 });
    expect(Buffer.from(bytes).includes('+48.1')).toBe(false);
    expect(bytes.length).toBeLessThan(file.length);
  });

  test.skipIf(!HAS_FFMPEG)('is copied without what its pictures say about themselves, such as places', async () => {
    const file = film('160x160', 0.5, 15, { more: ['-bsf:v', 'h264_metadata=sei_user_data=086f3693-b7b3-4f2c-9653-21492feee5b8+GPS48.1371N11.5754E'] });
    expect(file.includes('GPS48.1371N')).toBe(true);
    const { bytes, frame } = await madeOf(file, { frame: true });
    expect(Buffer.from(bytes).includes('GPS48.1371N')).toBe(false);
    expect(frame).toBeDefined();
    expect(await factsOf(bytes)).toMatchObject({ video: { width: 160, height: 160 } });
  });

  test('gives the same bytes each time, and again when it is uploaded once more', async () => {
    const first = await madeOf(readSample('avatar.mp4'));
    await expect.poll(async () => Buffer.compare((await madeOf(readSample('avatar.mp4'))).bytes, first.bytes), { timeout: 2500, interval: 1100 }).toBe(0);
    expect(Buffer.compare((await madeOf(first.bytes)).bytes, first.bytes)).toBe(0);
    // The date of the file is 0.
    const at = findBehind(Buffer.from(first.bytes), 'mvhd');
    expect(Buffer.from(first.bytes).readUInt32BE(at + 4)).toBe(0);
  });

  test.each([[-1, 0], [Number.NaN, 0], [Number.POSITIVE_INFINITY, 2], [99, 2], [0.5, 0.5]])('that is to begin at %d s begins at %d s', async (wanted, startS) => {
    expect((await madeOf(readSample('avatar.mp4'), { startS: wanted })).startS).toBe(startS);
  });

  test.skipIf(!HAS_FFMPEG)('has a picture of its first frame if too much would have to be decoded to come to another one', async () => {
    const file = film('1280x1280', 2.2, 110, { source: 'color=red:', more: ['-vf', 'drawbox=t=fill:color=blue:enable=gte(t\\,1)'] });
    const frameAt = async (startS: number): Promise<Uint8Array> => (await madeOf(file, { frame: true, startS })).frame!.sizes.at(-1)!.bytes;
    expect(Buffer.compare(await frameAt(0), await frameAt(2.1))).toBe(0);
  });

  test.skipIf(!HAS_FFMPEG)('has a picture of the frame at its beginning, and another one of another frame', async () => {
    const [first, later, last] = [await madeOf(readSample('avatar.mp4'), { frame: true }), await madeOf(readSample('avatar.mp4'), { frame: true, startS: 1 }), await madeOf(readSample('avatar.mp4'), { frame: true, startS: 2 })];
    for (const { frame } of [first, later, last]) {
      expect(frame!.sizes.map(({ type, width, height }) => `${type} ${width}x${height}`)).toEqual(['a 160x160', 'c 240x240']);
      const { channels } = await sharp(frame!.sizes[1]!.bytes).stats();
      for (const { stdev } of channels) expect(stdev).toBeGreaterThan(30);
    }
    expect(Buffer.compare(first.frame!.sizes[1]!.bytes, later.frame!.sizes[1]!.bytes)).not.toBe(0);
    // No frame comes after the end: then it is the first one.
    expect(Buffer.compare(first.frame!.sizes[1]!.bytes, last.frame!.sizes[1]!.bytes)).toBe(0);
  });

  test('has no picture without ffmpeg or sharp, and is not refused if none is wanted', async () => {
    for (const lacking of [{ ...tools, hasFfmpeg: false }, { ...tools, sharp: undefined }]) {
      expect(await make(readSample('avatar.mp4'), { frame: true }, lacking)).toEqual({ outcome: 'frameless' });
      expect(await make(readSample('avatar.mp4'), {}, lacking)).toMatchObject({ outcome: 'made', avatar: { frame: undefined } });
    }
  });
});

describe('no video for a profile', () => {
  test.each(['film.mp4', 'round.mp4', 'film.webm', 'music.mp3', 'voice.ogg', 'dance.gif'])('is %s', async (name) => {
    expect(await make(readSample(name), { frame: true })).toEqual({ outcome: 'unreadable' });
  });

  test.skipIf(!HAS_FFMPEG).each([
    ['is longer than 11 s', () => film('160x160', 12)],
    ['is not square', () => film('320x240', 1)],
    ['is too large', () => film('1440x1440', 0.2)],
    ['has too many pictures, though it is short', () => film('160x160', 10, 200)],
    ['has 10,000 pictures', () => film('160x160', 10, 1000)],
    ['is no H.264', () => film('240x240', 1, 15, { codec: 'mpeg4' })],
  ])('%s', async (_reason, produce) => {
    expect((await make(produce())).outcome).toBe('unreadable');
  });

  test.skipIf(!HAS_FFMPEG)('has larger pictures than its header says', async () => {
    const file = film('1600x1600', 0.1, 10);
    const entry = file.indexOf('avc1', findBehind(file, 'stsd')) + 4;
    const display = findBehind(file, 'tkhd') + 76;
    for (const at of [entry + 24, entry + 26]) file.writeUInt16BE(640, at);
    for (const at of [display, display + 4]) file.writeUInt32BE(640 * 65_536, at);
    expect(await factsOf(file)).toMatchObject({ video: { width: 640, height: 640 } });
    expect((await make(file)).outcome).toBe('unreadable');
  });

  test('has more bytes than it may have', async () => {
    const file = readSample('avatar.mp4');
    for (const [length, outcome] of [[AVATAR_BYTES_MAX, 'made'], [AVATAR_BYTES_MAX + 1, 'unreadable']] as const) {
      expect((await make(Buffer.concat([file, Buffer.alloc(length - file.length)]))).outcome).toBe(outcome);
    }
  });

  test('is cut off anywhere', async () => {
    const file = readSample('avatar.mp4');
    for (let length = 0; length < file.length; length += 997) expect((await make(file.subarray(0, length))).outcome).toBe('unreadable');
  });

  test('says that it is shorter than its pictures are', async () => {
    const file = Buffer.from((await madeOf(readSample('avatar.mp4'))).bytes);
    // Each picture lasts 20 times as long, while the header of the file still says 2 s.
    const at = findBehind(file, 'mdhd');
    file.writeUInt32BE(file.readUInt32BE(at + 12) / 20, at + 12);
    expect((await make(file)).outcome).toBe('unreadable');
  });

  test('has pictures that all name the same bytes', async () => {
    const made = (await madeOf(readSample('avatar.mp4'))).bytes;
    const file = Buffer.concat([made, Buffer.alloc(AVATAR_BYTES_MAX - made.length)]);
    // All 30 pictures have 120,000 bytes, so they overlap.
    file.writeUInt32BE(120_000, findBehind(file, 'stsz') + 4);
    expect((await make(file)).outcome).toBe('unreadable');
  });

  test('has units of a wrong length', async () => {
    const file = Buffer.from((await madeOf(readSample('avatar.mp4'))).bytes);
    file.fill(0xff, findBehind(file, 'mdat') + 4);
    expect((await make(file)).outcome).toBe('unreadable');
  });
});

test.skipIf(!HAS_FFMPEG)('a video whose pictures cannot be decoded has no frame, so its sender may send a picture with it', async () => {
  const file = Buffer.from((await madeOf(readSample('avatar.mp4'))).bytes);
  // No decoder knows units of this type.
  for (let at = findBehind(file, 'mdat'); at < file.length; at += 4 + file.readUInt32BE(at)) file[at + 4] = 30;
  expect((await make(file, { frame: true })).outcome).toBe('frameless');
  expect((await make(file)).outcome).toBe('made');
});
