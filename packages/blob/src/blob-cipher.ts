import { createCipheriv } from 'node:crypto';
import type { Random } from '@aerogram/runtime';

/** Length of the key of a blob, in bytes. */
export const BLOB_KEY_BYTES = 32;

const AES_BLOCK_BYTES = 16;

/** A new random key for one blob. */
export function createBlobKey(random: Random): Uint8Array {
  return random.bytes(BLOB_KEY_BYTES);
}

/**
 * Encrypts or decrypts bytes of a blob, with AES-256-CTR whose counter is the number of the 16-byte block in the blob. So any range can be
 * read alone. No two contents may ever be encrypted with one key at the same offset.
 * @param key 32 bytes that belong to this blob alone
 * @param offset of `bytes` in the blob, any number of bytes
 * @returns a new array
 */
export function cryptBlob(key: Uint8Array, offset: number, bytes: Uint8Array): Buffer {
  const iv = Buffer.alloc(AES_BLOCK_BYTES);
  iv.writeBigUInt64BE(BigInt(Math.floor(offset / AES_BLOCK_BYTES)), AES_BLOCK_BYTES - 8);
  const cipher = createCipheriv('aes-256-ctr', key, iv);
  const skipped = offset % AES_BLOCK_BYTES;
  if (skipped > 0) cipher.update(Buffer.alloc(skipped));
  return cipher.update(bytes);
}
