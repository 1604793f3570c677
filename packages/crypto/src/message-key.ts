import { concatBytes } from './bytes.ts';
import { sha1, sha1Of, sha256, sha256Of } from './hash.ts';

/** Direction of a message; the two directions use different parts of the authorization key. */
export type Direction = 'to-server' | 'to-client';

/** AES-256-IGE key and vector, 32 bytes each. */
export interface AesKeys {
  key: Uint8Array;
  iv: Uint8Array;
}

/** The `x` of the documentation: 0 for client to server, 8 for server to client. */
export function keyOffset(direction: Direction): 0 | 8 {
  return direction === 'to-server' ? 0 : 8;
}

/**
 * The 32-byte hash whose middle is the `msg_key` and whose first 4 bytes give the quick acknowledgement token (MTProto 2.0).
 * @param authKey 256 bytes.
 * @param padded the plaintext with its padding.
 * @see https://core.telegram.org/mtproto/description#message-key-msg-key
 */
export function msgKeyLarge(authKey: Uint8Array, padded: Uint8Array, direction: Direction): Uint8Array {
  const x = keyOffset(direction);
  return sha256Of(authKey.subarray(88 + x, 120 + x), padded);
}

/** The `msg_key` (16 bytes) in the hash of `msgKeyLarge`. */
export function msgKeyOf(large: Uint8Array): Uint8Array {
  return large.slice(8, 24);
}

/**
 * The quick acknowledgement token that a client expects: the first 4 bytes of `msgKeyLarge` as a little-endian number with the highest bit
 * set (unsigned).
 * @see https://core.telegram.org/mtproto/mtproto-transports#quick-ack
 */
export function quickAckToken(large: Uint8Array): number {
  return (large[0]! | (large[1]! << 8) | (large[2]! << 16) | (large[3]! << 24) | 0x80000000) >>> 0;
}

/**
 * AES key and vector of a message (MTProto 2.0).
 * @see https://core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector
 */
export function messageKeys(authKey: Uint8Array, msgKey: Uint8Array, direction: Direction): AesKeys {
  const x = keyOffset(direction);
  const a = sha256(concatBytes(msgKey, authKey.subarray(x, 36 + x)));
  const b = sha256(concatBytes(authKey.subarray(40 + x, 76 + x), msgKey));
  return {
    key: concatBytes(a.subarray(0, 8), b.subarray(8, 24), a.subarray(24, 32)),
    iv: concatBytes(b.subarray(0, 8), a.subarray(8, 24), b.subarray(24, 32)),
  };
}

/**
 * The `msg_key` of MTProto 1.0, which is only used by the inner message of `auth.bindTempAuthKey`.
 * @param unpadded the plaintext without its padding.
 * @see https://core.telegram.org/mtproto/description_v1#message-key
 */
export function msgKeyV1(unpadded: Uint8Array): Uint8Array {
  return sha1(unpadded).slice(4, 20);
}

/**
 * AES key and vector of a message of MTProto 1.0.
 * @see https://core.telegram.org/mtproto/description_v1#defining-aes-key-and-initialization-vector
 */
export function messageKeysV1(authKey: Uint8Array, msgKey: Uint8Array, direction: Direction): AesKeys {
  const x = keyOffset(direction);
  const a = sha1Of(msgKey, authKey.subarray(x, 32 + x));
  const b = sha1Of(authKey.subarray(32 + x, 48 + x), msgKey, authKey.subarray(48 + x, 64 + x));
  const c = sha1Of(authKey.subarray(64 + x, 96 + x), msgKey);
  const d = sha1Of(msgKey, authKey.subarray(96 + x, 128 + x));
  return {
    key: concatBytes(a.subarray(0, 8), b.subarray(8, 20), c.subarray(4, 16)),
    iv: concatBytes(a.subarray(8, 20), b.subarray(0, 8), c.subarray(16, 20), d.subarray(0, 8)),
  };
}
