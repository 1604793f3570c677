import type { Input, InputAudioTrack, InputFormat, InputTrack, InputVideoTrack, MetadataTags } from 'mediabunny';

import type { Mediabunny } from './load-mediabunny.ts';
import { convertGif, GIF_BYTES_MAX } from './convert-gif.ts';
import { isGif, readGifSides } from './gif-shape.ts';
import { makeCoverPicture, makeFramePicture, makePictureWithFfmpeg, makeWaveformOf } from './media-extras.ts';
import { findFirstFrame, readBehind } from './mp3-start.ts';
import type { MediaTools } from './media-tools.ts';
import { type MediaFacts, type MediaResult, type MediaTask, type MediaWants, TAG_MAX } from './media-result.ts';
import { detectMediaType, detectProbedType, MEDIA_TYPE_BYTES, type MediaType } from './media-type.ts';
import { probeFile } from './probe-file.ts';
import type { ReadRange } from './worker-process.ts';

interface MediaFile {
  type: MediaType;
  size: number;
  read: ReadRange;
}

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
  try {
    const head = await read(0, Math.min(size, MEDIA_TYPE_BYTES));
    if (isGif(head)) return await describeGif(tools, { gif: size <= GIF_BYTES_MAX ? await read(0, size) : undefined, head, wants });
    const probed = detectProbedType(head);
    if (probed !== undefined) return await probeFile(tools, probed, { size, wants }, read);
    const type = detectMediaType(head);
    return type === undefined ? { outcome: 'unreadable' } : await describeFile(tools, { type, size, read }, wants);
  } catch {
    return { outcome: 'unreadable' };
  }
}

async function describeFile(tools: MediaTools, file: MediaFile, wants: MediaWants): Promise<MediaResult> {
  try {
    return await describeWhole(tools, file, wants);
  } catch (error) {
    // A tag may name a length that is not its own. The music behind it can be played all the same.
    const start = file.type === 'mp3' ? await findFirstFrame(file.size, file.read) : undefined;
    if (start === undefined || start === 0) throw error;
    return describeWhole(tools, { ...file, size: file.size - start, read: readBehind(start, file.read) }, wants);
  }
}

async function describeWhole(tools: MediaTools, file: MediaFile, wants: MediaWants): Promise<MediaResult> {
  const { mediabunny } = tools;
  const { type, size, read } = file;
  const source = new mediabunny.CustomSource({ getSize: () => size, read, maxCacheSize: CACHE_BYTES, handleUnhandledError: () => {} });
  using input = new mediabunny.Input({ formats: listFormats(mediabunny, type), source });
  const { facts, video, audio, tags } = await readInput(input, file);
  // A file can do without these.
  const picture = wants.picture ? await (video === null || facts.video === undefined ? makeCoverPicture(tools, tags) : makeFramePicture(tools, video, facts.video)).catch(() => undefined) : undefined;
  const waveform = wants.waveform && video === null && audio !== null ? await makeWaveformOf(tools, audio, { ...file, durationS: facts.durationS }).catch(() => undefined) : undefined;
  return { outcome: 'read', facts, picture, waveform };
}

/** Makes a video of a GIF file, and describes that. Otherwise it makes a picture of the first one in the file. */
async function describeGif(tools: MediaTools, { gif, head, wants }: { gif: Uint8Array | undefined; head: Uint8Array; wants: MediaWants }): Promise<MediaResult> {
  const animation = wants.animation && gif !== undefined ? await convertGif(tools, gif) : undefined;
  if (animation === undefined) {
    const source = readGifSides(head);
    if (source === undefined) return { outcome: 'unreadable' };
    const picture = wants.picture && gif !== undefined ? await makePictureWithFfmpeg(tools, { format: 'gif', input: gif, shape: source }).catch(() => undefined) : undefined;
    return { outcome: 'picture', source, picture };
  }
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
    soundCodec: (await audio?.getCodec()) ?? undefined,
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
