import type { InputAudioTrack, InputVideoTrack, MetadataTags } from 'mediabunny';

import { copyVideo } from './copy-video.ts';
import { makePhoto } from './make-photo.ts';
import type { MediaTools } from './media-tools.ts';
import type { MediaType } from './media-type.ts';
import { type MadePhoto, PHOTO_BYTES_MAX, type Sides } from './protocol.ts';
import { runFfmpeg } from './run-ffmpeg.ts';
import { makeWaveform } from './waveform.ts';
import type { ReadRange } from './worker-process.ts';

/** The box of the picture that is made of a frame, in pixels: no thumbnail is larger. */
const FRAME_BOX = 320;
/** The most bytes of that picture. */
const FRAME_BYTES_MAX = 2 * 1024 * 1024;
/** The longest voice message that gets a waveform, in bytes. */
const VOICE_BYTES_MAX = 8 * 1024 * 1024;
/** Samples of 16 bits a second, in the sound of which a waveform is made. */
const SAMPLES_PER_S = 8000;
/** The most samples of all channels together that are decoded for a waveform: as many as half an hour has with two channels and 48,000 samples a second. */
const SAMPLES_MAX = 2 * 48_000 * 1800;
/** The longest sound of which a waveform is made, in seconds. */
const SOUND_S_MAX = 3600;

/** The format of files as ffmpeg names it. */
const FFMPEG_FORMATS = { mp4: 'mov', matroska: 'matroska', ogg: 'ogg', wave: 'wav', flac: 'flac', mp3: 'mp3' } as const satisfies Record<MediaType, string>;

/** Makes a picture of the first frame of a video. @param shape its sides as it is shown, which its pixels need not be @returns undefined if that is not possible here, or with this video */
export async function makeFramePicture(tools: MediaTools, track: InputVideoTrack, shape: Sides): Promise<MadePhoto | undefined> {
  if (tools.sharp === undefined || !tools.hasFfmpeg) return undefined;
  // ffmpeg gets a file that was written here, with nothing in it but one picture.
  const input = await copyVideo(tools.mediabunny, track, 'first picture');
  return input && makePictureWithFfmpeg(tools, { format: 'mp4', input, shape });
}

/** Makes a picture of the first one that ffmpeg finds in a file. @param file.shape its sides as it is shown @returns undefined if that is not possible here, or with this file */
export async function makePictureWithFfmpeg({ sharp, hasFfmpeg }: MediaTools, { format, input, shape }: { format: string; input: Uint8Array; shape: Sides }): Promise<MadePhoto | undefined> {
  if (sharp === undefined || !hasFfmpeg) return undefined;
  const { width, height } = fitInto(FRAME_BOX, shape);
  const output = ['-frames:v', '1', '-an', '-sn', '-dn', '-vf', `scale=${width}:${height},setsar=1`, '-c:v', 'png', '-f', 'image2pipe'];
  const frame = await runFfmpeg({ format, input, output, outputMax: FRAME_BYTES_MAX });
  return frame && pictureOf(sharp, frame);
}

/** The sides of a picture that is made smaller to fit into a box, never larger. Pure. */
function fitInto(box: number, { width, height }: Sides): Sides {
  const scale = Math.min(1, box / width, box / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Makes a picture of the cover in a piece of music. */
export async function makeCoverPicture({ sharp }: MediaTools, { images = [] }: MetadataTags): Promise<MadePhoto | undefined> {
  const cover = images.find(({ kind }) => kind === 'coverFront') ?? images[0];
  return sharp === undefined || cover === undefined || cover.data.length > PHOTO_BYTES_MAX ? undefined : pictureOf(sharp, cover.data);
}

async function pictureOf(sharp: NonNullable<MediaTools['sharp']>, bytes: Uint8Array): Promise<MadePhoto | undefined> {
  const result = await makePhoto(sharp, bytes, 'thumb');
  return result.outcome === 'made' ? result.photo : undefined;
}

/** A voice message. */
export interface VoiceFile {
  type: MediaType;
  size: number;
  read: ReadRange;
  /** Seconds; undefined if it is not known. */
  durationS: number | undefined;
}

/** Makes the waveform of a voice message. @returns undefined if that is not possible here, or with this file, or if decoding it would take too long */
export async function makeWaveformOf({ hasFfmpeg }: MediaTools, track: InputAudioTrack, { type, size, read, durationS = Infinity }: VoiceFile): Promise<Uint8Array | undefined> {
  if (!hasFfmpeg || size > VOICE_BYTES_MAX || durationS > SOUND_S_MAX) return undefined;
  // A file without changes of loudness is short, however much there is to decode.
  if (durationS * (await track.getSampleRate()) * (await track.getNumberOfChannels()) > SAMPLES_MAX) return undefined;
  // The file may have more sound than it says.
  const seconds = Math.ceil(durationS) + 1;
  const output = ['-t', String(seconds), '-vn', '-ac', '1', '-ar', String(SAMPLES_PER_S), '-c:a', 'pcm_s16le', '-f', 's16le'];
  const samples = await runFfmpeg({ format: FFMPEG_FORMATS[type], input: await read(0, size), output, outputMax: 2 * SAMPLES_PER_S * (seconds + 1) });
  return samples && makeWaveform(samples);
}
