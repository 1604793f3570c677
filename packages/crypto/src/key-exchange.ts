import { concatBytes, readLong, xorBytes } from './bytes.ts';
import { sha1, sha1Of } from './hash.ts';
import type { AesKeys } from './message-key.ts';

/** The identifiers of an authorization key. */
export interface AuthKeyIds {
  /** `auth_key_id`: the lower 64 bits of SHA1(auth_key), as a signed TL long. */
  id: bigint;
  /** `auth_key_aux_hash`: the upper 64 bits, as a signed TL long. */
  auxHash: bigint;
}

/** Computes both identifiers of an authorization key of 256 bytes. */
export function authKeyIds(authKey: Uint8Array): AuthKeyIds {
  const digest = sha1(authKey);
  return { id: readLong(digest, 12), auxHash: readLong(digest, 0) };
}

/**
 * The temporary AES key of the key exchange, known only to both sides.
 * @see https://core.telegram.org/mtproto/auth_key#6-server-responds-with
 */
export function exchangeKeys(newNonce: Uint8Array, serverNonce: Uint8Array): AesKeys {
  const newServer = sha1Of(newNonce, serverNonce);
  const serverNew = sha1Of(serverNonce, newNonce);
  const newNew = sha1Of(newNonce, newNonce);
  return {
    key: concatBytes(newServer, serverNew.subarray(0, 12)),
    iv: concatBytes(serverNew.subarray(12, 20), newNew, newNonce.subarray(0, 4)),
  };
}

/**
 * `new_nonce_hash1`, `2` or `3` of the answers `dh_gen_ok`, `dh_gen_retry`, `dh_gen_fail`: 16 bytes.
 * @see https://core.telegram.org/mtproto/auth_key#9-server-responds-in-one-of-three-ways
 */
export function newNonceHash(newNonce: Uint8Array, which: 1 | 2 | 3, authKey: Uint8Array): Uint8Array {
  const auxHash = sha1(authKey).subarray(0, 8);
  return sha1(concatBytes(newNonce, Uint8Array.of(which), auxHash)).slice(4, 20);
}

/** The first server salt of a new key, as a signed TL long: `new_nonce[0:8] xor server_nonce[0:8]`. */
export function initialSalt(newNonce: Uint8Array, serverNonce: Uint8Array): bigint {
  return readLong(xorBytes(newNonce.subarray(0, 8), serverNonce.subarray(0, 8)));
}

/**
 * Puts SHA1(data) before `data` and random bytes after it, up to a multiple of the block size. Both sides encrypt their Diffie-Hellman data
 * in this form.
 */
export function addHash(data: Uint8Array, random: { bytes(length: number): Uint8Array }): Uint8Array {
  const padding = (16 - ((20 + data.length) % 16)) % 16;
  return concatBytes(sha1(data), data, random.bytes(padding));
}
