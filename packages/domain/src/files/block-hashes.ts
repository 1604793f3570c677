import { BLOCK_BYTES, HASH_BYTES } from '@aerogram/blob';
import type { tl } from '@aerogram/tl';

/** Maximum number of hashes in one answer. */
const HASHES_MAX = 80;

/**
 * The hashes of a file from the block with a certain byte on, as many as fit into one answer. Pure.
 * @param hashes of all blocks, one after the other
 * @param size of the file, in bytes
 */
export function projectHashes(hashes: Uint8Array, size: number, offset: number): tl.fileHash[] {
  const first = Math.floor(offset / BLOCK_BYTES);
  const count = Math.max(0, Math.min(HASHES_MAX, hashes.length / HASH_BYTES - first));
  return Array.from({ length: count }, (_, index): tl.fileHash => {
    const from = (first + index) * BLOCK_BYTES;
    const at = (first + index) * HASH_BYTES;
    return { _: 'fileHash', offset: BigInt(from), limit: Math.min(BLOCK_BYTES, size - from), hash: hashes.subarray(at, at + HASH_BYTES) };
  });
}
