import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import { unpackData } from '@aerogram/tl';
import { GZIP_PACKED } from './constructors.ts';

/** Shorter bodies are sent uncompressed: compressing them costs more than it saves. */
const WORTH_PACKING = 1024;
/** A small window: allocating a large one costs more than compressing a kilobyte. */
const PACKING = { level: 4, windowBits: 13, memLevel: 6 } as const;
/** Longer bodies are compressed faster and less well. For them a large window is faster, because more input fits zlib's fast loops. */
const LONG_BYTES = 32 * 1024;

const PACKING_LONG = { level: 1, windowBits: 15, memLevel: 9 } as const;
const gzipBeside = promisify(gzip);
/** Bytes that all gzip_packed parts of one packet may unpack to in total: as much as the packet could contain uncompressed. */
export const MAX_UNPACKED_BYTES = 1024 * 1024;

/**
 * Compresses a body into `gzip_packed` if that makes it smaller.
 * @returns the body itself when it is short or does not shrink by an eighth.
 */
export function packBody(body: Uint8Array): Uint8Array {
  if (body.length < WORTH_PACKING) return body;
  return body.length > LONG_BYTES ? wrap(body, gzipSync(body, PACKING_LONG)) : wrap(body, gzipSync(body, PACKING));
}

/** Like `packBody`, but compresses a long body in another thread, so that other clients are served meanwhile. */
export function packBeside(body: Uint8Array): Uint8Array | Promise<Uint8Array> {
  if (body.length <= LONG_BYTES) return packBody(body);
  // In one chunk, because each further chunk would return to this thread in between.
  return gzipBeside(body, { ...PACKING_LONG, chunkSize: body.length }).then((packed) => wrap(body, packed));
}

function wrap(body: Uint8Array, packed: Uint8Array): Uint8Array {
  const head = packed.length < 254 ? 1 : 4;
  const padded = (head + packed.length + 3) & ~3;
  if (4 + padded > body.length - (body.length >>> 3)) return body;
  const result = Buffer.alloc(4 + padded);
  result.writeUInt32LE(GZIP_PACKED, 0);
  if (head === 1) result[4] = packed.length;
  else result.writeUInt32LE(((packed.length << 8) | 0xfe) >>> 0, 4);
  result.set(packed, 4 + head);
  return result;
}

/**
 * Unpacks a `gzip_packed` body.
 * @param limit maximum length of the result.
 * @param welcomes see `unpackData`.
 * @returns undefined when it is malformed, would be longer or is not welcome.
 */
export function unpackBody(body: Uint8Array, limit: number, welcomes?: (constructor: number) => boolean): Uint8Array | undefined {
  const packed = readPackedData(body);
  return packed && unpackData(packed, limit, welcomes);
}

/** Reads the TL `bytes` after the constructor id. */
function readPackedData(body: Uint8Array): Uint8Array | undefined {
  if (body.length < 8) return undefined;
  let at = 5;
  let length = body[4]!;
  if (length === 254) {
    length = body[5]! | (body[6]! << 8) | (body[7]! << 16);
    at = 8;
  } else if (length === 255) {
    return undefined;
  }
  return at + length <= body.length ? body.subarray(at, at + length) : undefined;
}
