import { BLOCK_BYTES, HASH_BYTES } from '@aerogram/blob';
import type { tl } from '@aerogram/tl';

/** Maximum number of hashes in one answer. */
export const HASHES_MAX = 80;

/**
 * Hashes of consecutive blocks of a file, as clients get them. Pure.
 * @param hashes one after the other
 * @param size of the file, in bytes
 * @param first number of the first of these blocks
 */
export function projectHashes(hashes: Uint8Array, size: number, first: number): tl.fileHash[] {
  return Array.from({ length: hashes.length / HASH_BYTES }, (_, index): tl.fileHash => {
    const from = (first + index) * BLOCK_BYTES;
    const at = index * HASH_BYTES;
    return { _: 'fileHash', offset: BigInt(from), limit: Math.min(BLOCK_BYTES, size - from), hash: hashes.subarray(at, at + HASH_BYTES) };
  });
}
