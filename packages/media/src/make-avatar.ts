import type { InputVideoTrack } from 'mediabunny';

import { copyVideo } from './copy-video.ts';
import { readSps } from './h264-sps.ts';
import { avcConfigOf } from './h264-units.ts';
import type { Mediabunny } from './load-mediabunny.ts';
import { makePhoto } from './make-photo.ts';
import type { MediaTools } from './media-tools.ts';
import { detectMediaType, MEDIA_TYPE_BYTES } from './media-type.ts';
import { type MadePhoto, PROFILE_BOXES } from './protocol.ts';
import { runFfmpeg } from './run-ffmpeg.ts';
import type { ReadRange } from './worker-process.ts';

/** The longest video for a profile, in bytes. Clients send at most 2 MB. */
export const AVATAR_BYTES_MAX = 2 * 1024 * 1024;
/** The longest one in seconds. Clients send at most 10 s, and encoders may round up. */
const SECONDS_MAX = 11;
/** The most pictures: as many as 11 s may have at 120 in a second. */
const FRAMES_MAX = 1320;
/** The shortest side, in pixels. */
const SIDE_MIN = PROFILE_BOXES[0].box;
/** The longest side, in pixels. */
const SIDE_MAX = 1280;
/** By how many pixels the sides may differ: encoders round them to blocks. */
const SKEW_MAX = 16;
/** The most pixels of all pictures that are decoded to come to the one that stands for the video: as many as 10 s have with 30 pictures of 1,080 pixels in a second. */
const DECODED_MAX = 350_000_000;
/** The side of the picture that is made of a frame, in pixels. */
const FRAME_SIDE = PROFILE_BOXES[2].box;
/** The most bytes of the picture that is made of a frame. */
const FRAME_BYTES_MAX = 4 * 1024 * 1024;

/** A video for the profile of a user or chat. */
export interface AvatarTask {
  /** Bytes. */
  size: number;
  avatar: AvatarWants;
}

/** What is to be made of the video besides a copy. */
export interface AvatarWants {
  /** The second of the frame that stands for the video, as the client says it. */
  startS: number;
  /** Whether to make a photo of that frame. */
  frame: boolean;
}

/** A video for a profile: a copy of the pictures alone, without sound and metadata, whose index comes first. */
export interface MadeAvatar {
  bytes: Uint8Array;
  /** Pixels, as it is shown. */
  width: number;
  /** Pixels, as it is shown. */
  height: number;
  /** The second of the frame that stands for the video; it is in the video. */
  startS: number;
  /** Absent if it was not wanted. */
  frame: MadePhoto | undefined;
}

/**
 * What became of the video. `unreadable`: it is damaged, or not what a profile may have. `frameless`: its frame was wanted, and ffmpeg or sharp is missing here, or
 * ffmpeg has made none, perhaps only because the machine is busy.
 */
export type AvatarResult = { outcome: 'made'; avatar: MadeAvatar } | { outcome: 'unreadable' } | { outcome: 'frameless' };

/** Checks a video for a profile, copies its pictures, and makes a photo of one of them. Never throws for what is in the file. */
export async function makeAvatar(tools: MediaTools, { size, avatar: { startS, frame: wantsFrame } }: AvatarTask, read: ReadRange): Promise<AvatarResult> {
  const { mediabunny } = tools;
  try {
    if (size > AVATAR_BYTES_MAX || detectMediaType(await read(0, Math.min(size, MEDIA_TYPE_BYTES))) !== 'mp4') return { outcome: 'unreadable' };
    using input = new mediabunny.Input({ formats: [mediabunny.MP4, mediabunny.QTFF], source: new mediabunny.BufferSource(await read(0, size)) });
    const track = await input.getPrimaryVideoTrack();
    const shape = track === null ? undefined : await readShape(mediabunny, track, startS);
    if (track === null || shape === undefined) return { outcome: 'unreadable' };
    const bytes = await copyVideo(mediabunny, track, 'all');
    if (bytes === undefined || bytes.length > AVATAR_BYTES_MAX) return { outcome: 'unreadable' };
    const made = { bytes, width: shape.width, height: shape.height, startS: clampStart(startS, shape.durationS) };
    if (!wantsFrame) return { outcome: 'made', avatar: { ...made, frame: undefined } };
    if (tools.sharp === undefined || !tools.hasFfmpeg) return { outcome: 'frameless' };
    const frame = await makeFrame(tools.sharp, { bytes, startS: shape.framesToStart * shape.width * shape.height > DECODED_MAX ? 0 : made.startS });
    return frame === undefined ? { outcome: 'frameless' } : { outcome: 'made', avatar: { ...made, frame } };
  } catch {
    return { outcome: 'unreadable' };
  }
}

interface AvatarShape {
  /** Pixels. */
  width: number;
  /** Pixels. */
  height: number;
  durationS: number;
  /** How many pictures there are until the second at which the client wants a frame. */
  framesToStart: number;
}

/** The shape of a video that a profile may have, as its pictures themselves say and not only its header; undefined for others. */
async function readShape(mediabunny: Mediabunny, track: InputVideoTrack, wantedS: number): Promise<AvatarShape | undefined> {
  const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
  const isSquare = Math.min(width, height) >= SIDE_MIN && Math.max(width, height) <= SIDE_MAX && Math.abs(width - height) <= SKEW_MAX;
  // All clients can play this one.
  if (!isSquare || (await track.getCodec()) !== 'avc' || !(await hasSides(track, width, height))) return undefined;
  let [frames, framesToStart, bytes, startS, endS] = [0, 0, 0, Infinity, 0];
  for await (const packet of new mediabunny.EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true })) {
    frames++;
    if (packet.timestamp <= wantedS) framesToStart++;
    // Several pictures may name the same bytes of the file.
    bytes += packet.byteLength;
    startS = Math.min(startS, packet.timestamp);
    endS = Math.max(endS, packet.timestamp + packet.duration);
    if (frames > FRAMES_MAX || bytes > AVATAR_BYTES_MAX || startS < 0 || endS > SECONDS_MAX) return undefined;
  }
  return frames === 0 || endS <= 0 ? undefined : { width, height, durationS: endS, framesToStart };
}

/** Whether the pictures of H.264 have these sides, too, but for what encoders round. The header of the file may say anything. */
async function hasSides(track: InputVideoTrack, width: number, height: number): Promise<boolean> {
  const config = await track.getDecoderConfig();
  const sets = config === null ? undefined : avcConfigOf(config)?.sps;
  const isNear = (one: number, other: number): boolean => Math.abs(one - other) <= SKEW_MAX;
  return sets !== undefined && sets.map(readSps).every((sps) => sps !== undefined && Math.max(sps.coded.width, sps.coded.height) <= SIDE_MAX && isNear(sps.shown.width, width) && isNear(sps.shown.height, height));
}

function clampStart(startS: number, durationS: number): number {
  return startS > 0 ? Math.min(startS, durationS) : 0;
}

async function makeFrame(sharp: NonNullable<MediaTools['sharp']>, { bytes, startS }: Pick<MadeAvatar, 'bytes' | 'startS'>): Promise<MadePhoto | undefined> {
  const png = (await runFrame(bytes, startS)) ?? (startS > 0 ? await runFrame(bytes, 0) : undefined);
  const result = png && (await makePhoto(sharp, png, 'profile'));
  return result?.outcome === 'made' ? result.photo : undefined;
}

/** Decodes the frame of a second. @returns undefined also if no frame comes after it */
function runFrame(input: Uint8Array, startS: number): Promise<Uint8Array | undefined> {
  const scale = `scale='min(${FRAME_SIDE},iw)':'min(${FRAME_SIDE},ih)':force_original_aspect_ratio=increase`;
  return runFfmpeg({ format: 'mp4', input, output: ['-ss', startS.toFixed(3), '-frames:v', '1', '-an', '-vf', scale, '-c:v', 'png', '-f', 'image2pipe'], outputMax: FRAME_BYTES_MAX });
}
