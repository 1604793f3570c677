import { createCipheriv } from 'node:crypto';

/** One direction of an AES-256-CTR stream, which keeps its counter between calls. */
export interface CtrStream {
  /** Encrypts or decrypts the next bytes of the stream into a new array. */
  process(data: Uint8Array): Uint8Array;
}

/**
 * Creates an AES-256-CTR stream; encryption and decryption are the same operation.
 * @param key 32 bytes.
 * @param iv 16 bytes.
 * @throws RangeError for other lengths.
 */
export function createCtr(key: Uint8Array, iv: Uint8Array): CtrStream {
  if (key.length !== 32 || iv.length !== 16) throw new RangeError(`AES-256-CTR wants 32 and 16 bytes, got ${key.length} and ${iv.length}`);
  const cipher = createCipheriv('aes-256-ctr', key, iv);
  return { process: (data) => cipher.update(data) };
}
