import type { Input, InputAudioTrack, InputFormat, InputTrack, InputVideoTrack, MetadataTags } from 'mediabunny';

import type { Mediabunny } from './load-mediabunny.ts';
import { convertGif, GIF_BYTES_MAX } from './convert-gif.ts';
import { GIF_TYPE_BYTES, isGif } from './gif-shape.ts';
import { makeCoverPicture, makeFramePicture, makeWaveformOf } from './media-extras.ts';
import type { MediaTools } from './media-tools.ts';
import { detectMediaType, MEDIA_TYPE_BYTES, type MediaType } from './media-type.ts';
import type { MadePhoto } from './protocol.ts';
import type { ReadRange } from './worker-process.ts';

/** What a file with audio or video says about itself. */
export interface MediaFacts {
  type: MediaType;
  /** Absent if there is no picture. Pixels, as it is shown: turned, and with square pixels. */
  video: { width: number; height: number } | undefined;
  /** Of the picture, as mediabunny calls it; absent if there is none, or it is unknown. */
  codec: string | undefined;
  hasSound: boolean;
  /** Seconds; absent if it would take reading too much of the file to know. */
  durationS: number | undefined;
  /** Whether its index comes before its data, so that it can be played while it is loaded. */
  isStreamable: boolean;
  /** At most {@link TAG_MAX} UTF-16 units; the rest of what the file says is cut off. */
  title: string | undefined;
  /** As the title. */
  performer: string | undefined;
}

/** An audio or video file to read. */
export interface MediaTask {
  /** Bytes. */
  size: number;
  wants: MediaWants;
}

/** What is to be made of a file besides reading its facts. */
export interface MediaWants {
  /** A picture for a thumbnail: the first frame of a video, or the cover of music. */
  picture: boolean;
  waveform: boolean;
  /** The video of an animated GIF file. */
  animation: boolean;
}

/** What was read from a file, and made of it. */
export interface MediaDescription {
  facts: MediaFacts;
  /** Absent if it was not wanted, or cannot be made. */
  picture: MadePhoto | undefined;
  /** 63 bytes; absent if it was not wanted, or cannot be made. */
  waveform: Uint8Array | undefined;
  /** The MP4 file that was made of a GIF file, to which the facts belong; absent for other files. */
  animation?: Uint8Array;
}

/** What became of a file. */
export type MediaResult = ({ outcome: 'read' } & MediaDescription) | { outcome: 'unreadable' };

interface MediaFile {
  type: MediaType;
  size: number;
  read: ReadRange;
}

/** The longest title or performer that is taken from a file, in UTF-16 units. A file may have one of many megabytes. */
export const TAG_MAX = 300;
/** How much of the file mediabunny keeps in memory, in bytes. */
const CACHE_BYTES = 4 * 1024 * 1024;
/** No box of an MP4 file that matters here comes after so many others. */
const BOXES_MAX = 64;
/** The longest header of a box: its length in 4 bytes, its type, and its length in 8 bytes if it is longer. */
const BOX_HEADER_BYTES = 16;
/** The shortest header of a box, without the length in 8 bytes. */
const BOX_HEADER_MIN = 8;

/** Reads the facts of a file, and makes what is wanted. Never throws for what is in the file. */
export async function describeMedia(tools: MediaTools, { size, wants }: MediaTask, read: ReadRange): Promise<MediaResult> {
  const { mediabunny } = tools;
  try {
    if (wants.animation && size <= GIF_BYTES_MAX && isGif(await read(0, Math.min(size, GIF_TYPE_BYTES)))) return await describeGif(tools, await read(0, size), wants);
    const type = detectMediaType(await read(0, Math.min(size, MEDIA_TYPE_BYTES)));
    if (type === undefined) return { outcome: 'unreadable' };
    const source = new mediabunny.CustomSource({ getSize: () => size, read, maxCacheSize: CACHE_BYTES, handleUnhandledError: () => {} });
    using input = new mediabunny.Input({ formats: listFormats(mediabunny, type), source });
    const file = { type, size, read };
    const { facts, video, audio, tags } = await readInput(input, file);
    // A file can do without these.
    const picture = wants.picture ? await (video === null ? makeCoverPicture(tools, tags) : makeFramePicture(tools, video)).catch(() => undefined) : undefined;
    const waveform = wants.waveform && video === null && audio !== null ? await makeWaveformOf(tools, audio, { ...file, durationS: facts.durationS }).catch(() => undefined) : undefined;
    return { outcome: 'read', facts, picture, waveform };
  } catch {
    return { outcome: 'unreadable' };
  }
}

/** Makes a video of a GIF file, and describes that. */
async function describeGif(tools: MediaTools, gif: Uint8Array, wants: MediaWants): Promise<MediaResult> {
  const animation = await convertGif(tools, gif);
  if (animation === undefined) return { outcome: 'unreadable' };
  const result = await describeMedia(tools, { size: animation.length, wants: { ...wants, animation: false } }, (from, to) => Promise.resolve(animation.subarray(from, to)));
  return result.outcome === 'read' ? { ...result, animation } : result;
}

/** Only the parser of this type is used. There is none for playlists, which name other files. */
function listFormats({ MP4, QTFF, MATROSKA, WEBM, OGG, WAVE, FLAC, MP3, ADTS }: Mediabunny, type: MediaType): InputFormat[] {
  const formats = { mp4: [MP4, QTFF], matroska: [MATROSKA, WEBM], ogg: [OGG], wave: [WAVE], flac: [FLAC], mp3: [MP3, ADTS] };
  return formats[type];
}

interface ReadFile {
  facts: MediaFacts;
  video: InputVideoTrack | null;
  audio: InputAudioTrack | null;
  tags: MetadataTags;
}

async function readInput(input: Input, { type, size, read }: MediaFile): Promise<ReadFile> {
  const [video, audio] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
  const tracks = [video, audio].filter((track) => track !== null);
  if (tracks.length === 0) throw new Error('a file without audio and video');
  const tags = await input.getMetadataTags().catch((): MetadataTags => ({}));
  const facts: MediaFacts = {
    type,
    video: video === null ? undefined : { width: await video.getDisplayWidth(), height: await video.getDisplayHeight() },
    codec: (await video?.getCodec()) ?? undefined,
    hasSound: audio !== null,
    durationS: await readDuration(input, tracks),
    isStreamable: type === 'mp4' && (await isIndexFirst(size, read)),
    title: tags.title?.slice(0, TAG_MAX),
    performer: tags.artist?.slice(0, TAG_MAX),
  };
  return { facts, video, audio, tags };
}

/** The exact duration; what the header says, if too much of the file would have to be read. */
async function readDuration(input: Input, tracks: InputTrack[]): Promise<number | undefined> {
  const duration = await input.computeDuration(tracks).catch(() => input.getDurationFromMetadata(tracks).catch(() => null));
  return duration !== null && Number.isFinite(duration) && duration >= 0 ? duration : undefined;
}

/** Whether the box with the index of an MP4 file comes before the boxes with its data. */
async function isIndexFirst(size: number, read: ReadRange): Promise<boolean> {
  for (let at = 0, boxes = 0; at + BOX_HEADER_BYTES <= size && boxes < BOXES_MAX; boxes++) {
    const header = Buffer.from(await read(at, at + BOX_HEADER_BYTES));
    const type = header.toString('latin1', 4, 8);
    if (type === 'moov' || type === 'mdat') return type === 'moov';
    const length = header.readUInt32BE(0) === 1 ? Number(header.readBigUInt64BE(8)) : header.readUInt32BE(0);
    // The last box of a file may have no length.
    if (length < BOX_HEADER_MIN) return false;
    at += length;
  }
  return false;
}
