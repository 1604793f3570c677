import * as mediabunny from 'mediabunny';
import { describe, expect, test } from 'vitest';

import { describeMedia } from '../src/media-facts.ts';
import type { MediaFacts, MediaResult } from '../src/media-result.ts';
import { findBehind, readSample } from './samples.ts';

/** Reads a file. @param options.size that the file is said to have @param options.onRead is told of each read */
function describeFile(file: Uint8Array, { size = file.length, onRead }: { size?: number; onRead?: (bytes: number) => void } = {}): Promise<MediaResult> {
  return describeMedia({ mediabunny, sharp: undefined, hasFfmpeg: false, hasFfprobe: false }, { size, wants: { picture: true, waveform: true, animation: true } }, (from, to) => {
    onRead?.(to - from);
    return to > file.length ? Promise.reject(new Error('behind the end')) : Promise.resolve(file.subarray(from, to));
  });
}

async function factsOf(file: Uint8Array): Promise<MediaFacts> {
  const result = await describeFile(file);
  if (result.outcome !== 'read') throw new Error('the file could not be read');
  return result.facts;
}

/** A length as ID3 writes it: 7 bits in each byte. */
const syncSafe = (length: number): Buffer => Buffer.from([21, 14, 7, 0].map((shift) => (length >> shift) & 127));

const UNREADABLE = { outcome: 'unreadable' };
const FILM = { type: 'mp4', video: { width: 96, height: 64 }, codec: 'avc', soundCodec: 'aac', hasSound: true, durationS: 2, isStreamable: true, title: undefined, performer: undefined };

describe('facts', () => {
  test.each([
    ['film.mp4', FILM],
    ['film-late-index.mp4', { ...FILM, isStreamable: false }],
    ['film.webm', { ...FILM, type: 'matroska', codec: 'vp8', soundCodec: 'opus', isStreamable: false, durationS: 2.021 }],
    ['sticker.webm', { ...FILM, type: 'matroska', codec: 'vp9', soundCodec: undefined, hasSound: false, isStreamable: false }],
    ['silent.mp4', { ...FILM, soundCodec: undefined, hasSound: false }],
    ['round.mp4', { ...FILM, video: { width: 96, height: 96 } }],
    ['voice.ogg', { ...FILM, type: 'ogg', video: undefined, codec: undefined, soundCodec: 'opus', isStreamable: false, durationS: 3 }],
    ['music.mp3', { ...FILM, type: 'mp3', video: undefined, codec: undefined, soundCodec: 'mp3', isStreamable: false, durationS: expect.closeTo(3.03, 2), title: 'A tune', performer: 'Somebody' }],
  ])('of %s', async (name, facts) => {
    expect(await factsOf(readSample(name))).toEqual(facts);
  });

  test('a video that is turned has its width and height exchanged', async () => {
    const film = readSample('film.mp4');
    // The matrix of the first track, behind the other fields of its header: a quarter turn.
    const matrix = findBehind(film, 'tkhd') + 40;
    for (const [at, value] of [0, 0x10000, 0, -0x10000, 0].entries()) film.writeInt32BE(value, matrix + 4 * at);
    expect((await factsOf(film)).video).toEqual({ width: 64, height: 96 });
  });
});

describe('music with a broken tag', () => {
  const music = readSample('music.mp3');
  const frames = music.subarray(music.indexOf(Uint8Array.of(0xff, 0xfb)));
  const tag = (length: number, more = 0): Buffer => Buffer.concat([Buffer.from('ID3\x04\0\0', 'latin1'), syncSafe(length), Buffer.alloc(more)]);
  test.each([
    ['a length beyond the file', Buffer.concat([tag(200_000_000), frames])],
    ['a length that is too short', Buffer.concat([tag(10, 5000), frames])],
    ['what looks like a frame in it', Buffer.concat([tag(200_000_000), Buffer.from([0xff, 0xfb, 0x90, 0x64]), Buffer.alloc(500), frames])],
  ])('has its duration: %s', async (_case, file) => {
    expect((await factsOf(file)).durationS).toBeCloseTo(3.03, 1);
  });
});

describe('hostile files', () => {
  test('of a title and a performer that have megabytes, only the beginning is taken', async () => {
    const names = ['TIT2', 'TPE1'].map((name) => Buffer.concat([Buffer.from(name), syncSafe(3_000_001), Buffer.alloc(3), Buffer.alloc(3_000_000, 'A')]));
    const header = Buffer.concat([Buffer.from('ID3\x04\0\0', 'latin1'), syncSafe(names[0]!.length + names[1]!.length)]);
    const music = readSample('music.mp3');
    const { title, performer } = await factsOf(Buffer.concat([header, ...names, music.subarray(music.indexOf(Uint8Array.of(0xff, 0xfb)))]));
    expect([title?.length, performer?.length]).toEqual([300, 300]);
  });

  test('of a long video whose index comes first, only the index is read', async () => {
    let bytes = 0;
    const film = readSample('film.mp4');
    const result = await describeFile(film, { size: 2_000_000_000, onRead: (more) => (bytes += more) });
    expect(result).toMatchObject({ outcome: 'read' });
    expect(bytes).toBeLessThan(film.length);
  });

  test.each(['film.mp4', 'film-late-index.mp4', 'film.webm', 'voice.ogg', 'music.mp3'])('%s may end anywhere', async (name) => {
    const file = readSample(name);
    for (let length = 0; length < file.length; length += 97) {
      const result = await describeFile(file.subarray(0, length));
      expect(['read', 'unreadable']).toContain(result.outcome);
    }
  });

  test('an MP4 file without its index is unreadable', async () => {
    const file = readSample('film-late-index.mp4');
    expect(await describeFile(file.subarray(0, findBehind(file, 'mdat') + 100))).toEqual(UNREADABLE);
  });

  test.each([
    ['#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n'],
    ['ffconcat version 1.0\nfile /etc/passwd\n'],
    ['<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period/></MPD>'],
  ])('a list that names other files is no media: %s', async (text) => {
    expect(await describeFile(Buffer.from(text))).toEqual(UNREADABLE);
  });

  test('what begins as a picture or a page and goes on as a video is no media', async () => {
    for (const start of ['GIF89a', '<html><script>alert(1)</script>', '%PDF-1.7\n']) {
      expect(await describeFile(Buffer.concat([Buffer.from(start), readSample('film.mp4')]))).toEqual(UNREADABLE);
    }
  });

  test('numbers of samples that no file can have take no memory', async () => {
    for (const box of ['stts', 'stsz', 'stsc', 'stco', 'ctts', 'stss']) {
      const film = readSample('film.mp4');
      if (!film.includes(box)) continue;
      film.writeUInt32BE(0xffff_ffff, findBehind(film, box) + (box === 'stsz' ? 8 : 4));
      const before = process.memoryUsage().rss;
      const result = await describeFile(film);
      expect(['read', 'unreadable']).toContain(result.outcome);
      expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
    }
  });
});
