import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MediaLane, MediaWants } from '@aerogram/media';
import { type ComparedSize, comparePhoto } from './compare-sizes.ts';

const SAMPLES = 'packages/media/test/samples';
/** The samples have nothing but full colours beside each other, of which a JPEG of this size keeps less than of a photo. */
const FRAME_TOLERANCE = 2.2;

const VALUES = 100;
const BITS = 5;

/** The sound or picture of a sample, as ffmpeg alone gives it. */
const readWithFfmpeg = (name: string, ...options: string[]): Buffer => execFileSync('ffmpeg', ['-v', 'error', '-i', join(SAMPLES, name), ...options, '-'], { maxBuffer: 64 * 1024 * 1024 });

async function describe(lane: MediaLane, name: string, wants: Partial<MediaWants>): ReturnType<MediaLane['describe']> {
  const file = readFileSync(join(SAMPLES, name));
  return lane.describe(1n, { size: file.length, wants: { picture: false, waveform: false, animation: false, ...wants }, read: (from, to) => Promise.resolve(file.subarray(from, to)) });
}

/** Compares the picture that the server takes from a video or a piece of music with what ffmpeg takes. Needs ffmpeg. */
export async function compareFrame(lane: MediaLane, name: string): Promise<ComparedSize[]> {
  const result = await describe(lane, name, { picture: true });
  if (result.outcome !== 'read' || result.picture === undefined) throw new Error(`${name} has no picture`);
  const upright = readWithFfmpeg(name, '-an', '-frames:v', '1', '-c:v', 'png', '-f', 'image2pipe');
  return comparePhoto(result.picture, { upright, tolerance: FRAME_TOLERANCE }, 'message');
}

/** The waveform of a voice message, and the loudness of its sound in as many parts, from 0 to 1. */
export interface ComparedWaveform {
  values: number[];
  reference: number[];
}

/** Compares the waveform that the server makes with the loudness of the sound. Needs ffmpeg. */
export async function compareWaveform(lane: MediaLane, name: string): Promise<ComparedWaveform> {
  const result = await describe(lane, name, { waveform: true });
  if (result.outcome !== 'read' || result.waveform === undefined) throw new Error(`${name} has no waveform`);
  const bits = [...result.waveform].map((byte) => byte.toString(2).padStart(8, '0').split('').toReversed().join('')).join('');
  const values = Array.from({ length: VALUES }, (_, at) => Number.parseInt(bits.slice(at * BITS, (at + 1) * BITS).split('').toReversed().join(''), 2) / (2 ** BITS - 1));
  const sound = readWithFfmpeg(name, '-vn', '-ac', '1', '-ar', '8000', '-c:a', 'pcm_s16le', '-f', 's16le');
  const samples = Array.from({ length: Math.floor(sound.length / 2) }, (_, at) => Math.abs(sound.readInt16LE(at * 2)));
  const peaks = Array.from({ length: VALUES }, (_, at) => Math.max(0, ...samples.slice(Math.floor((at * samples.length) / VALUES), Math.floor(((at + 1) * samples.length) / VALUES))));
  const loudest = Math.max(...peaks, 1);
  return { values, reference: peaks.map((peak) => peak / loudest) };
}
