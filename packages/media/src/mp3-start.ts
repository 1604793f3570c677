import type { ReadRange } from './worker-process.ts';

/** How far into a file the first frame behind a broken tag is looked for, in bytes. */
const LOOKED_AT_BYTES = 8 * 1024 * 1024;
/** So many frames in a row are no chance: the bytes of a picture may look like one. */
const FRAMES_IN_A_ROW = 3;

const HEADER_BYTES = 4;

/** Bit rates of MPEG 1 and of MPEG 2 and 2.5, layer III, in kbit/s, by their number in the header. */
const BIT_RATES = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
const SAMPLE_RATES = [44_100, 48_000, 32_000] as const;

/** Finds where the frames of an MP3 file begin, whatever its tag says about its own length. @returns undefined if there are none near the beginning */
export async function findFirstFrame(size: number, read: ReadRange): Promise<number | undefined> {
  const bytes = Buffer.from(await read(0, Math.min(size, LOOKED_AT_BYTES)));
  for (let at = bytes.indexOf(0xff); at !== -1; at = bytes.indexOf(0xff, at + 1)) if (isRowOfFrames(bytes, at)) return at;
  return undefined;
}

/** The part of a file from a place on, as a file. */
export function readBehind(start: number, read: ReadRange): ReadRange {
  return (from, to) => read(start + from, start + to);
}

function isRowOfFrames(bytes: Buffer, start: number): boolean {
  let at = start;
  for (let frame = 0; frame < FRAMES_IN_A_ROW; frame++) {
    const length = at + HEADER_BYTES <= bytes.length ? frameLength(bytes.readUInt32BE(at)) : undefined;
    if (length === undefined) return false;
    at += length;
  }
  return true;
}

/** The length of a frame of layer III by its header, in bytes; undefined if it is none. */
function frameLength(header: number): number | undefined {
  const [version, layer, bitRate, sampleRate] = [(header >>> 19) & 3, (header >>> 17) & 3, (header >>> 12) & 15, (header >>> 10) & 3];
  if (header >>> 21 !== 0x7_ff || version === 1 || layer !== 1 || bitRate === 0 || bitRate === 15 || sampleRate === 3) return undefined;
  const isFirst = version === 3;
  const rate = SAMPLE_RATES[sampleRate]! / (isFirst ? 1 : version === 2 ? 2 : 4);
  return Math.floor(((isFirst ? 144 : 72) * BIT_RATES[isFirst ? 0 : 1][bitRate]! * 1000) / rate) + ((header >>> 9) & 1);
}
