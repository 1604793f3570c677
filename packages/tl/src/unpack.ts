import { constants, unzipSync } from 'node:zlib';

/** What is longer is unpacked whole only when its beginning is known to be worth it. */
const LONG_BYTES = 32 * 1024;
/** Of what cannot tell how long it will be, so much is made room for at a time. */
const CHUNK_BYTES = 16 * 1024;
/** Packed bytes that give the first word, mostly, and no more than some ten KB of zeros; room is made for a little at a time, as mostly little comes. */
const BEGINNING_BYTES = 48;
const BEGINNING_CHUNK_BYTES = 1024;
const LEAST_CHUNK_BYTES = 64;

/**
 * Unpacks what stands in `gzip_packed`: gzip, or zlib, which some clients send.
 * A kilobyte may unpack to a megabyte, so what says that it is too long is refused unread, and room is made for no more
 * than it says.
 * @param limit most bytes that may come out.
 * @param welcomes asked about the constructor of long data, where that can be told, before the rest is unpacked.
 * @returns undefined when it is malformed, would be longer, or is not welcome.
 */
export function unpackData(packed: Uint8Array, limit: number, welcomes?: (constructor: number) => boolean): Uint8Array | undefined {
  const told = toldLength(packed);
  if (limit <= 0 || (told !== undefined && told > limit)) return undefined;
  try {
    if (welcomes && (told ?? LONG_BYTES) >= LONG_BYTES) {
      const beginning = unzipSync(packed.subarray(0, BEGINNING_BYTES), { finishFlush: constants.Z_SYNC_FLUSH, chunkSize: BEGINNING_CHUNK_BYTES });
      if (beginning.length >= 4 && !welcomes(beginning.readInt32LE(0))) return undefined;
    }
    // A byte more than will come: with none left over zlib would make room once more to see that nothing follows.
    const room = told === undefined ? { chunkSize: CHUNK_BYTES } : { chunkSize: Math.max(told + 1, LEAST_CHUNK_BYTES) };
    return unzipSync(packed, { ...room, maxOutputLength: Math.max(told ?? limit, 1) });
  } catch {
    return undefined;
  }
}

/** Gzip ends with the length of what was packed; zlib does not tell it. */
function toldLength(packed: Uint8Array): number | undefined {
  if (packed.length < 18 || packed[0] !== 0x1f || packed[1] !== 0x8b) return undefined;
  return new DataView(packed.buffer, packed.byteOffset, packed.byteLength).getUint32(packed.length - 4, true);
}
