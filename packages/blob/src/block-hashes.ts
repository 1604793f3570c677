import { createHash, hash } from 'node:crypto';

/** Blobs are hashed in blocks of this many bytes; upload.getFileHashes and the CDN use the same ones. */
export const BLOCK_BYTES = 128 * 1024;

/** Length of the hash of one block, in bytes. */
export const HASH_BYTES = 32;

/** The SHA-256 of each 128 KiB block of `bytes`, one after the other; the last block may be shorter. */
export function hashBlocks(bytes: Uint8Array): Uint8Array {
  const hashes = new Uint8Array(Math.ceil(bytes.length / BLOCK_BYTES) * HASH_BYTES);
  for (let at = 0, block = 0; at < bytes.length; at += BLOCK_BYTES, block++) {
    hashes.set(hash('sha256', bytes.subarray(at, at + BLOCK_BYTES), 'buffer'), block * HASH_BYTES);
  }
  return hashes;
}

/**
 * Computes the identity of a file's content: SHA-256 over its size (8 bytes, big endian) and the hashes of its blocks. Equal files have equal
 * identities, whoever uploaded them and in whatever parts.
 * @param size in bytes
 * @param blockHashes the hashes of all blocks, 32 bytes each
 * @returns 32 bytes
 */
export function fileIdentity(size: number, blockHashes: Uint8Array): Uint8Array {
  const head = Buffer.alloc(8);
  head.writeBigUInt64BE(BigInt(size));
  return createHash('sha256').update(head).update(blockHashes).digest();
}
