import { compareBigEndian, concatBytes, equalBytes, type RandomBytes, xorBytes } from './bytes.ts';
import { sha1, sha256, sha256Of } from './hash.ts';
import { igeDecrypt, igeEncrypt } from './ige.ts';
import { RSA_SIZE, rsaEncryptBlock, type RsaPublicKey } from './rsa.ts';

const DATA_LIMIT = 144;
const PADDED = 192;
const SHA1_DATA_LIMIT = RSA_SIZE - 1 - 20;
const ZERO_IV = new Uint8Array(32);
/** Number of bytes hashed if there is no valid data: the length of most clients' inner data. */
const STAND_IN_LENGTH = 96;

/**
 * RSA_PAD: encrypts the inner data of the handshake for a server key.
 * @param data at most 144 bytes.
 * @throws RangeError when it is longer.
 * @see https://core.telegram.org/mtproto/auth_key#41-rsa-paddata-server-public-key-mentioned-above-is-implemented-as-follows
 */
export function rsaPadEncrypt(data: Uint8Array, key: RsaPublicKey, random: RandomBytes): Uint8Array {
  if (data.length > DATA_LIMIT) throw new RangeError(`RSA_PAD takes at most ${DATA_LIMIT} bytes, got ${data.length}`);
  const padded = concatBytes(data, random.bytes(PADDED - data.length));
  const reversed = Uint8Array.from(padded).reverse();
  for (;;) {
    const tempKey = random.bytes(32);
    const encrypted = igeEncrypt(concatBytes(reversed, sha256Of(tempKey, padded)), tempKey, ZERO_IV);
    const block = concatBytes(xorBytes(tempKey, sha256(encrypted)), encrypted);
    if (compareBigEndian(block, key.modulus) < 0) return rsaEncryptBlock(key, block);
  }
}

/**
 * Reverses RSA_PAD on a block that raw RSA has decrypted.
 * @param block 256 bytes.
 * @returns the data with its random padding, 192 bytes; undefined when the hash inside is wrong.
 */
export function rsaPadOpen(block: Uint8Array): Uint8Array | undefined {
  const encrypted = block.subarray(32);
  const tempKey = xorBytes(block.subarray(0, 32), sha256(encrypted));
  const withHash = igeDecrypt(encrypted, tempKey, ZERO_IV);
  const padded = withHash.slice(0, PADDED).reverse();
  return equalBytes(sha256Of(tempKey, padded), withHash.subarray(PADDED)) ? padded : undefined;
}

/**
 * The padding before RSA_PAD, which old clients still use: `SHA1(data) + data + random` as a number of 255 bytes.
 * @param data at most 235 bytes.
 * @throws RangeError when it is longer.
 */
export function sha1PadEncrypt(data: Uint8Array, key: RsaPublicKey, random: RandomBytes): Uint8Array {
  if (data.length > SHA1_DATA_LIMIT) throw new RangeError(`the older padding takes at most ${SHA1_DATA_LIMIT} bytes, got ${data.length}`);
  const padding = random.bytes(SHA1_DATA_LIMIT - data.length);
  return rsaEncryptBlock(key, concatBytes(new Uint8Array(1), sha1(data), data, padding));
}

/**
 * Reverses the older padding on a block that raw RSA has decrypted. It hashes once and compares once, whatever is wrong with the block, so
 * that the time reveals nothing about the content of the block.
 * @param block 256 bytes.
 * @param lengthOf returns the length of the data at the start of the bytes, or undefined if it is invalid.
 * @returns the data, or undefined when the hash is wrong.
 */
export function sha1PadOpen(block: Uint8Array, lengthOf: (bytes: Uint8Array) => number | undefined): Uint8Array | undefined {
  const found = lengthOf(block.subarray(21));
  const isData = block[0] === 0 && found !== undefined && found <= SHA1_DATA_LIMIT;
  const length = isData ? found : STAND_IN_LENGTH;
  const data = block.slice(21, 21 + length);
  const isHashRight = equalBytes(sha1(data), block.subarray(1, 21));
  return isData && isHashRight ? data : undefined;
}
