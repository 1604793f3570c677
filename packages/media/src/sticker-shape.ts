import { unpackGzip } from './gzip.ts';
import type { Sides } from './protocol.ts';

/** The longest animated sticker, in bytes (core.telegram.org/stickers#animated-stickers). */
export const ANIMATION_BYTES_MAX = 64 * 1024;
/** The longest one when it is unpacked, in bytes. */
export const LOTTIE_BYTES_MAX = 1024 * 1024;

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
/** How many bytes at the beginning of a chunk say how large the picture is. */
const SHAPE_BYTES = 10;

const CHUNKS_MAX = 100;
const VP8_START = 0x2a_01_9d;
const VP8L_START = 0x2f;

/**
 * The sides of a WebP file that is one picture (developers.google.com/speed/webp/docs/riff_container): the largest ones that any part of it names, because programs differ in which of them they believe. Pure.
 * @returns undefined if it is anything else, or moves
 */
export function readWebpSides(file: Uint8Array): Sides | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < RIFF_HEADER_BYTES || bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP') return undefined;
  const found: Sides = { width: 0, height: 0 };
  let pictures = 0;
  for (let at = RIFF_HEADER_BYTES, chunks = 0; at + CHUNK_HEADER_BYTES <= bytes.length; chunks++) {
    const [type, length] = [bytes.toString('latin1', at, at + 4), bytes.readUInt32LE(at + 4)];
    at += CHUNK_HEADER_BYTES;
    if (chunks >= CHUNKS_MAX || at + length > bytes.length || type === 'ANIM' || type === 'ANMF') return undefined;
    if (type === 'VP8 ' || type === 'VP8L' || type === 'VP8X') {
      const sides = sidesOf(type, bytes.subarray(at, at + Math.min(length, SHAPE_BYTES)));
      if (sides === undefined) return undefined;
      if (type !== 'VP8X') pictures++;
      found.width = Math.max(found.width, sides.width);
      found.height = Math.max(found.height, sides.height);
    }
    // Chunks begin at even places.
    at += length + (length % 2);
  }
  return pictures === 1 ? found : undefined;
}

function sidesOf(type: 'VP8 ' | 'VP8L' | 'VP8X', head: Buffer): Sides | undefined {
  if (type === 'VP8L') {
    if (head.length < 5 || head[0] !== VP8L_START) return undefined;
    const bits = head.readUInt32LE(1);
    return { width: 1 + (bits & 0x3f_ff), height: 1 + ((bits >>> 14) & 0x3f_ff) };
  }
  if (head.length < SHAPE_BYTES) return undefined;
  if (type === 'VP8X') return { width: 1 + head.readUIntLE(4, 3), height: 1 + head.readUIntLE(7, 3) };
  return head.readUIntLE(3, 3) === VP8_START ? { width: head.readUInt16LE(6) & 0x3f_ff, height: head.readUInt16LE(8) & 0x3f_ff } : undefined;
}

/** The sides of an animated sticker: a Lottie animation, compressed with gzip (core.telegram.org/stickers#animated-stickers). @returns undefined if it is anything else, or too long when it is unpacked */
export async function readAnimationSides(bytes: Uint8Array): Promise<Sides | undefined> {
  try {
    const animation: unknown = JSON.parse((await unpackGzip(bytes, LOTTIE_BYTES_MAX)).toString());
    if (typeof animation !== 'object' || animation === null || !('tgs' in animation || 'v' in animation)) return undefined;
    const { w: width, h: height } = animation as { w?: unknown; h?: unknown };
    return typeof width === 'number' && typeof height === 'number' ? { width, height } : undefined;
  } catch {
    // Damaged, too long, or no JSON.
    return undefined;
  }
}
