import { constants, unzipSync } from 'node:zlib';

/** Longer data is unpacked completely only if its beginning is acceptable. */
const LONG_BYTES = 32 * 1024;
/** If the unpacked length is unknown, memory is allocated in pieces of this size. */
const CHUNK_BYTES = 16 * 1024;
/**
 * Enough packed bytes for the first word in most cases, and for at most some ten KB of zeros. Memory is allocated in small pieces, because
 * usually little comes out.
 */
const BEGINNING_BYTES = 48;

const BEGINNING_CHUNK_BYTES = 1024;
const LEAST_CHUNK_BYTES = 64;

/**
 * Unpacks the content of `gzip_packed`: gzip, or zlib, which some clients send. A kilobyte may unpack to a megabyte, so data whose declared
 * length exceeds the limit is refused unread, and no more memory is allocated than its declared length.
 * @param limit maximum length of the result.
 * @param welcomes called with the constructor of long data, if it can be read, before the rest is unpacked; false refuses it.
 * @returns undefined when it is malformed, would be longer, or is refused.
 */
export function unpackData(packed: Uint8Array, limit: number, welcomes?: (constructor: number) => boolean): Uint8Array | undefined {
  const told = toldLength(packed);
  if (limit <= 0 || (told !== undefined && told > limit)) return undefined;
  try {
    if (welcomes && (told ?? LONG_BYTES) >= LONG_BYTES) {
      const beginning = unzipSync(packed.subarray(0, BEGINNING_BYTES), { finishFlush: constants.Z_SYNC_FLUSH, chunkSize: BEGINNING_CHUNK_BYTES });
      if (beginning.length >= 4 && !welcomes(beginning.readInt32LE(0))) return undefined;
    }
    // One byte more than needed: with none left over, zlib would allocate another chunk just to see that nothing follows.
    const room = told === undefined ? { chunkSize: CHUNK_BYTES } : { chunkSize: Math.max(told + 1, LEAST_CHUNK_BYTES) };
    return unzipSync(packed, { ...room, maxOutputLength: Math.max(told ?? limit, 1) });
  } catch {
    return undefined;
  }
}

/** Gzip data ends with the unpacked length; zlib data does not contain it. */
function toldLength(packed: Uint8Array): number | undefined {
  if (packed.length < 18 || packed[0] !== 0x1f || packed[1] !== 0x8b) return undefined;
  return new DataView(packed.buffer, packed.byteOffset, packed.byteLength).getUint32(packed.length - 4, true);
}
