import type { InputAudioTrack } from 'mediabunny';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';

import { makeWaveformOf, type VoiceFile } from '../src/media-extras.ts';
import { describeMedia } from '../src/media-facts.ts';
import type { MediaDescription, MediaWants } from '../src/media-result.ts';
import { loadMediaTools, type MediaTools } from '../src/media-tools.ts';
import { findFfmpeg, runFfmpeg } from '../src/run-ffmpeg.ts';
import { readGifShape } from '../src/gif-shape.ts';
import { makeWaveform } from '../src/waveform.ts';
import { PHOTO_BYTES_MAX } from '../src/protocol.ts';
import { makePngBomb } from './pictures.ts';
import { drawSample, drawSeekableSample, findBehind, readSample } from './samples.ts';

const HAS_FFMPEG = (await findFfmpeg()).isThere;

let tools: MediaTools;
beforeAll(async () => {
  const loaded = await loadMediaTools();
  if (!loaded.isThere) throw new Error(loaded.reason);
  ({ tools } = loaded);
});

async function describeSample(sample: string | Buffer, wants: Partial<MediaWants>): Promise<MediaDescription> {
  const file = typeof sample === 'string' ? readSample(sample) : sample;
  const result = await describeMedia(tools, { size: file.length, wants: { picture: false, waveform: false, animation: false, ...wants } }, (from, to) => Promise.resolve(file.subarray(from, to)));
  if (result.outcome !== 'read') throw new Error('the file could not be read');
  return result;
}

/** The values of a waveform. */
function unpack(waveform: Uint8Array): number[] {
  const bits = [...waveform].map((byte) => byte.toString(2).padStart(8, '0').split('').toReversed().join('')).join('');
  return Array.from({ length: 100 }, (_, at) => Number.parseInt(bits.slice(at * 5, at * 5 + 5).split('').toReversed().join(''), 2));
}

/** A length of 4 bytes with 7 bits each, as music files have it. */
function syncSafe(file: Buffer, at: number): number {
  return [0, 1, 2, 3].reduce((length, byte) => length * 128 + file[at + byte]!, 0);
}

function writeSyncSafe(file: Buffer, length: number, at: number): void {
  for (const byte of [0, 1, 2, 3]) file[at + byte] = (length >> (7 * (3 - byte))) & 127;
}

/** Samples of 16 bits. */
function samplesOf(values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [at, value] of values.entries()) bytes.writeInt16LE(value, at * 2);
  return bytes;
}

describe('waveforms', () => {
  test('have 100 values that follow the loudness', () => {
    const values = unpack(makeWaveform(samplesOf(Array.from({ length: 10_000 }, (_, at) => (at % 2 === 0 ? 3 : -3) * at))));
    expect(values).toHaveLength(100);
    expect(values[0]).toBe(0);
    expect(values[50]).toBeCloseTo(16, -1);
    expect(values[99]).toBe(31);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  });

  test('of silence, of no sound and of a single sample are flat', () => {
    for (const sound of [samplesOf(Array.from({ length: 1000 }, () => 20)), new Uint8Array(), samplesOf([1])]) expect(new Set(unpack(makeWaveform(sound)))).toEqual(new Set([0]));
  });

  test.skipIf(!HAS_FFMPEG)('a voice message of an even tone has an even waveform', async () => {
    const { waveform } = await describeSample('voice.ogg', { waveform: true });
    const values = unpack(waveform!);
    expect(waveform).toHaveLength(63);
    expect(Math.min(...values.slice(2, 98))).toBeGreaterThan(20);
  });
});

describe.skipIf(!HAS_FFMPEG)('sound that takes long to decode', () => {
  /** Where the header of a FLAC file says in 32 bits how many samples there are. */
  const SAMPLES_AT = 22;

  test.each([
    [1, 63],
    [110, 63],
    [600, undefined],
  ])('has a waveform only if it is short: %i s with 8 channels and 192,000 samples a second', async (seconds, length) => {
    const silence = drawSample('-f', 'lavfi', '-i', 'anullsrc=r=192000:cl=7.1', '-t', '1', '-c:a', 'flac', '-f', 'flac');
    silence.writeUInt32BE(192_000 * seconds, SAMPLES_AT);
    const { facts, waveform } = await describeSample(silence, { waveform: true });
    expect([facts.durationS, waveform?.length]).toEqual([seconds, length]);
  });

  test('is decoded no longer than the file says that it lasts', async () => {
    const file = drawSample('-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=8000', '-t', '20', '-af', "volume='if(lt(t,10),0,1)':eval=frame", '-c:a', 'flac', '-f', 'flac');
    const track = { getSampleRate: () => Promise.resolve(8000), getNumberOfChannels: () => Promise.resolve(1) } as InputAudioTrack;
    const voice: VoiceFile = { type: 'flac', size: file.length, read: () => Promise.resolve(file), durationS: 20 };
    const [whole, beginning] = [await makeWaveformOf(tools, track, voice), await makeWaveformOf(tools, track, { ...voice, durationS: 5 })];
    expect([whole, beginning].map((waveform) => Math.max(...unpack(waveform!)))).toEqual([31, 0]);
    for (const durationS of [undefined, 3601]) expect(await makeWaveformOf(tools, track, { ...voice, durationS })).toBeUndefined();
  });
});

describe('pictures', () => {
  test.skipIf(!HAS_FFMPEG).each([
    ['film.mp4', 96, 64],
    ['film-late-index.mp4', 96, 64],
    ['film.webm', 96, 64],
    ['round.mp4', 96, 96],
  ])('the first frame of %s is its picture', async (name, width, height) => {
    const { picture } = await describeSample(name, { picture: true });
    expect(picture!.sizes.at(-1)).toMatchObject({ type: 's', width, height });
    const jpeg = picture!.sizes.at(-1)!.bytes;
    // The test picture of ffmpeg begins with many colours.
    const { channels } = await sharp(jpeg).stats();
    for (const { stdev } of channels) expect(stdev).toBeGreaterThan(30);
  });

  test.skipIf(!HAS_FFMPEG)('the picture of a video whose pixels are not square has the shape that is shown', async () => {
    const wide = drawSample('-f', 'lavfi', '-i', 'testsrc=s=96x64:d=1:r=10', '-vf', 'setsar=2/1', '-c:v', 'libx264', '-movflags', 'frag_keyframe+empty_moov', '-f', 'mp4');
    const { facts, picture } = await describeSample(wide, { picture: true });
    expect([facts.video, picture!.sizes.at(-1)]).toMatchObject([{ width: 192, height: 64 }, { width: 192, height: 64 }]);
  });

  test.skipIf(!HAS_FFMPEG).each([
    ['avi', 256, 'mpeg4'],
    // A file of FLV does not say the shape of its pixels.
    ['flv', 128, 'flv'],
  ])('a video that only ffprobe reads has its size, its duration and a picture: %s', async (type, width, codec) => {
    const film = drawSeekableSample(`film.${type}`, '-f', 'lavfi', '-i', 'testsrc=s=128x96:d=2:r=10', '-vf', 'setsar=2/1', '-c:v', codec);
    const { facts, picture } = await describeSample(film, { picture: true });
    expect(facts).toMatchObject({ type, video: { width, height: 96 }, hasSound: false, durationS: expect.closeTo(2, 0) as number });
    expect(picture!.sizes).toMatchObject([{ width, height: 96 }]);
    expect(await describeMedia({ ...tools, hasFfprobe: false }, { size: film.length, wants: { picture: true, waveform: false, animation: false } }, (from, to) => Promise.resolve(film.subarray(from, to)))).toEqual({ outcome: 'unavailable' });
  });

  test.skipIf(!HAS_FFMPEG)('a duration that no file has is left out', async () => {
    const unfinished = drawSample('-f', 'lavfi', '-i', 'testsrc=s=64x64:d=1:r=10', '-c:v', 'mpeg4', '-f', 'avi');
    expect((await describeSample(unfinished, {})).facts).toMatchObject({ video: { width: 64 }, durationS: undefined });
  });

  test.skipIf(!HAS_FFMPEG)('the codec of sound is known: voice messages have Opus, and not Vorbis', async () => {
    const vorbis = drawSample('-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'libvorbis', '-f', 'ogg');
    expect([(await describeSample(vorbis, {})).facts.soundCodec, (await describeSample('voice.ogg', {})).facts.soundCodec]).toEqual(['vorbis', 'opus']);
  });

  test.skipIf(!HAS_FFMPEG)('a GIF file of which no video is made has a picture and its sides', async () => {
    const gif = readSample('dance.gif');
    const result = await describeMedia(tools, { size: gif.length, wants: { picture: true, waveform: false, animation: false } }, (from, to) => Promise.resolve(gif.subarray(from, to)));
    expect(result).toMatchObject({ outcome: 'picture', source: { width: 49, height: 33 }, picture: { sizes: [{ width: 49, height: 33 }] } });
  });

  test('the cover of music is its picture', async () => {
    const { picture, facts } = await describeSample('covered.mp3', { picture: true });
    expect(facts).toMatchObject({ video: undefined, hasSound: true });
    const { data } = await sharp(picture!.sizes[0]!.bytes).raw().toBuffer({ resolveWithObject: true });
    expect([...data.subarray(0, 3)].map((value) => Math.round(value / 255))).toEqual([1, 0, 0]);
  });

  test('a cover that is longer than a photo may be is left out', async () => {
    const music = readSample('covered.mp3');
    const [tag, cover] = [10 + syncSafe(music, 6), findBehind(music, 'APIC')];
    const more = Buffer.alloc(PHOTO_BYTES_MAX);
    const long = Buffer.concat([music.subarray(0, tag), more, music.subarray(tag)]);
    // Lengths have 7 bits in each byte.
    writeSyncSafe(long, syncSafe(music, 6) + more.length, 6);
    writeSyncSafe(long, syncSafe(music, cover) + more.length, cover);
    expect(await describeSample(long, { picture: true })).toMatchObject({ picture: undefined, facts: { hasSound: true } });
  });

  test('a file has no picture if none is wanted, or if it has none', async () => {
    expect(await describeSample('film.mp4', {})).toMatchObject({ picture: undefined });
    expect(await describeSample('voice.ogg', { picture: true })).toMatchObject({ picture: undefined });
  });
});

/** A GIF file with many pictures, which all have one colour. */
function makeGif(frames: number, width = 1, height = 1): Buffer {
  const head = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  head.writeUInt16LE(width, 6);
  head.writeUInt16LE(height, 8);
  const frame = Buffer.from('\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0', 'latin1');
  return Buffer.concat([head, ...Array.from({ length: frames }, () => frame), Buffer.from('\x3b')]);
}

describe('GIF files', () => {
  test('their pictures are counted without decoding them', () => {
    expect(readGifShape(readSample('dance.gif'))).toEqual({ width: 49, height: 33, frames: 10 });
    expect(readGifShape(makeGif(10_000, 65_535, 65_535))).toEqual({ width: 65_535, height: 65_535, frames: 10_000 });
    const gif = readSample('dance.gif');
    for (let length = 0; length < gif.length; length += 13) expect(readGifShape(gif.subarray(0, length))).toBeUndefined();
  });

  test.skipIf(!HAS_FFMPEG)('an animated one becomes an MP4 file with the same pictures, whose index comes first', async () => {
    const { animation, facts, picture } = await describeSample('dance.gif', { picture: true, animation: true });
    expect(facts).toEqual({ type: 'mp4', video: { width: 48, height: 32 }, codec: 'avc', hasSound: false, durationS: 2, isStreamable: true, title: undefined, performer: undefined });
    expect(picture!.sizes.at(-1)).toMatchObject({ width: 48, height: 32 });
    const input = new tools.mediabunny.Input({ formats: [tools.mediabunny.MP4], source: new tools.mediabunny.BufferSource(animation!) });
    const track = (await input.getPrimaryVideoTrack())!;
    expect(await track.getCodec()).toBe('avc');
    expect((await track.computePacketStats()).packetCount).toBe(10);
    // The last picture is that of the GIF file, and not another one. Colours are coarse in a picture of this size, so only brightness is compared.
    const grey = (format: string, file: Uint8Array, frame: number): Promise<Uint8Array | undefined> =>
      runFfmpeg({ format, input: file, output: ['-vf', `select=eq(n\\,${frame}),scale=48:32`, '-frames:v', '1', '-pix_fmt', 'gray', '-f', 'rawvideo'], outputMax: 100_000 });
    const last = (await grey('mp4', animation!, 9))!;
    const differenceTo = async (frame: number): Promise<number> => {
      const theirs = (await grey('gif', readSample('dance.gif'), frame))!;
      return last.reduce((sum, value, at) => sum + Math.abs(value - theirs[at]!), 0) / last.length;
    };
    expect(await differenceTo(9)).toBeLessThan(10);
    expect(await differenceTo(0)).toBeGreaterThan(2 * (await differenceTo(9)));
  });

  test.skipIf(!HAS_FFMPEG)('a long one with pictures that are shown for different times keeps their times', async () => {
    // ffmpeg goes back to the beginning after it has read all of the file.
    const gif = drawSample('-f', 'lavfi', '-i', 'testsrc2=s=480x320:r=10', '-t', '3', '-f', 'gif');
    expect(gif.length).toBeGreaterThan(128 * 1024);
    // The time of a picture, in hundredths of a second, stands in the extension before it.
    for (let [at, frame] = [gif.indexOf('21f904', 0, 'hex'), 0]; at !== -1; [at, frame] = [gif.indexOf('21f904', at + 1, 'hex'), frame + 1]) gif.writeUInt16LE(frame < 10 ? 10 : 30, at + 4);
    const { facts, animation } = await describeSample(gif, { animation: true });
    expect(facts).toMatchObject({ type: 'mp4', video: { width: 480, height: 320 } });
    expect(facts.durationS).toBeCloseTo(7, 0);
    const input = new tools.mediabunny.Input({ formats: [tools.mediabunny.MP4], source: new tools.mediabunny.BufferSource(animation!) });
    const times: number[] = [];
    for await (const { timestamp } of new tools.mediabunny.EncodedPacketSink((await input.getPrimaryVideoTrack())!).packets()) times.push(timestamp);
    expect(times).toHaveLength(30);
    expect([times[0], times[5], times[10], times[20]].map((time) => time!.toFixed(2))).toEqual(['0.00', '0.50', '1.00', '4.00']);
  });

  test.each([
    ['one picture', makeGif(1)],
    ['10,000 pictures', makeGif(10_000)],
    ['sides of 65,535 pixels', makeGif(2, 65_535, 65_535)],
    ['too many pixels in all', makeGif(1999, 500, 251)],
    ['no end', makeGif(10).subarray(0, -3)],
  ])('one with %s stays what it is', async (_what, gif) => {
    const wants = { picture: true, waveform: true, animation: true };
    expect(await describeMedia(tools, { size: gif.length, wants }, (from, to) => Promise.resolve(gif.subarray(from, to)))).toMatchObject({ outcome: 'picture' });
  });
});

describe.skipIf(!HAS_FFMPEG)('ffmpeg', () => {
  const png = ['-frames:v', '1', '-c:v', 'png', '-f', 'image2pipe'];

  test('opens no file that its input names', async () => {
    const playlist = Buffer.from(`#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://${new URL('samples/film.mp4', import.meta.url).pathname}\n#EXT-X-ENDLIST\n`);
    const list = Buffer.from(`ffconcat version 1.0\nfile file:${new URL('samples/film.mp4', import.meta.url).pathname}\n`);
    for (const [format, input] of [['hls', playlist], ['concat', list], ['mov', playlist], ['mov', list]] as const) expect(await runFfmpeg({ format, input, output: png, outputMax: 1_000_000 })).toBeUndefined();
  });

  test('opens no file that its input names, where it may keep that input in a temporary file', async () => {
    const film = new URL('samples/film.mp4', import.meta.url).pathname;
    for (const name of [`cache:file:${film}`, `cache:${film}`, film]) expect(await runFfmpeg({ format: 'mov', input: Buffer.from(`ffconcat version 1.0\nfile ${name}\n`), output: png, outputMax: 1_000_000 })).toBeUndefined();
  });

  test('goes back in a file whose index comes last', async () => {
    expect(await runFfmpeg({ format: 'mov', input: readSample('film-late-index.mp4'), output: png, outputMax: 1_000_000 })).toBeDefined();
  });

  test('decodes no picture that is too large', async () => {
    expect(await runFfmpeg({ format: 'png_pipe', input: makePngBomb(30, 30), output: png, outputMax: 1_000_000 })).toBeDefined();
    expect(await runFfmpeg({ format: 'png_pipe', input: makePngBomb(30_000, 30_000, 10), output: png, outputMax: 1_000_000 })).toBeUndefined();
  });

  test('is stopped when it writes too much', async () => {
    expect(await runFfmpeg({ format: 'ogg', input: readSample('voice.ogg'), output: ['-f', 's16le'], outputMax: 1000 })).toBeUndefined();
  });
});
