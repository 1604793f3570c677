import { hash } from 'node:crypto';
import { equalBytes } from './bytes.ts';
import { igeDecrypt, igeEncrypt, igeEncryptInto } from './ige.ts';
import { type Direction, keyOffset, messageKeys, messageKeysV1, msgKeyLarge, msgKeyOf, msgKeyV1, quickAckToken } from './message-key.ts';
import { digestAt, inputAt, ivAt, keyAt, memory, outputAt, SCRATCH_SIZE, wasm } from './wasm.ts';

// Layout of an encrypted packet: auth_key_id:8 msg_key:16 ciphertext.
const MSG_KEY_AT = 8;
const MSG_KEY_BYTES = 16;
const HEADER = 24;
// Up to this length a message is processed in the shared WASM buffers; for longer ones CBC and node:crypto are faster.
const SMALL = 2_048;
// Up to this length WASM also hashes faster: a call to node:crypto costs a microsecond, and several in a process that has just woken up.
const TINY = 96;
// Space before the message for the 32 bytes of the authorization key that are hashed with it.
const plainAt = inputAt + 32;
// The two 52-byte strings that are hashed to the AES key are at the end of the shared input buffer.
const mixAt = inputAt + SCRATCH_SIZE - 64;

/** A decrypted packet. */
export interface Opened {
  /** Salt, session, message id, … and padding, decrypted; the `msg_key` was right. */
  plaintext: Uint8Array;
  /** Token to send if the client asked for a quick acknowledgement (unsigned). */
  quickAckToken: number;
}

function checkAuthKey(authKey: Uint8Array): void {
  if (authKey.length !== 256) throw new RangeError(`an authorization key has 256 bytes, got ${authKey.length}`);
}

/** Copies a few bytes to where WASM reads them. A view of a part of an array, which `set` would need, takes more time and memory than the bytes. */
function load(from: Uint8Array, start: number, length: number, at: number): void {
  const bytes = memory();
  for (let n = 0; n < length; n++) bytes[at + n] = from[start + n]!;
}

/** Derives the message's AES key directly into the memory where WASM reads it; its `msg_key` is read from the packet. */
function deriveInPlace(bytes: Uint8Array, authKey: Uint8Array, packet: Uint8Array, x: number): void {
  load(packet, MSG_KEY_AT, MSG_KEY_BYTES, mixAt);
  load(authKey, x, 36, mixAt + 16);
  wasm.sha256(mixAt, 52);
  bytes.copyWithin(keyAt, digestAt, digestAt + 8);
  bytes.copyWithin(ivAt + 8, digestAt + 8, digestAt + 24);
  bytes.copyWithin(keyAt + 24, digestAt + 24, digestAt + 32);
  load(authKey, 40 + x, 36, mixAt);
  load(packet, MSG_KEY_AT, MSG_KEY_BYTES, mixAt + 36);
  wasm.sha256(mixAt, 52);
  bytes.copyWithin(ivAt, digestAt, digestAt + 8);
  bytes.copyWithin(keyAt + 8, digestAt + 8, digestAt + 24);
  bytes.copyWithin(ivAt + 24, digestAt + 24, digestAt + 32);
}

/** Hashes a message in the input buffer together with the key bytes before it, to `digestAt`, where it stays until WASM hashes something else. */
function hashInPlace(bytes: Uint8Array, length: number): void {
  if (length > TINY) bytes.set(hash('sha256', bytes.subarray(inputAt, plainAt + length), 'buffer'), digestAt);
  else wasm.sha256(inputAt, plainAt + length - inputAt);
}

/**
 * Encrypts a message to its wire form: `auth_key_id`, `msg_key`, ciphertext (MTProto 2.0).
 * @param authKeyId the 8 bytes of the key's id as on the wire.
 * @param padded the plaintext with 12–1024 bytes of padding, a multiple of 16.
 * @throws RangeError for wrong lengths.
 * @see https://core.telegram.org/mtproto/description
 */
export function sealMessage(authKey: Uint8Array, authKeyId: Uint8Array, padded: Uint8Array, direction: Direction): Uint8Array {
  checkAuthKey(authKey);
  const { length } = padded;
  if (length % 16 !== 0 || length === 0) throw new RangeError(`a padded message has whole blocks of 16 bytes, got ${length}`);
  // From Node's buffer pool: for a small message a separate array costs as much as its encryption.
  const packet = Buffer.allocUnsafe(HEADER + length);
  packet.set(authKeyId, 0);
  if (length > SMALL) {
    const msgKey = msgKeyOf(msgKeyLarge(authKey, padded, direction));
    const { key, iv } = messageKeys(authKey, msgKey, direction);
    packet.set(msgKey, 8);
    igeEncryptInto(packet.subarray(HEADER), padded, key, iv);
    return packet;
  }
  const x = keyOffset(direction);
  const bytes = memory();
  load(authKey, 88 + x, 32, inputAt);
  bytes.set(padded, plainAt);
  hashInPlace(bytes, length);
  for (let n = 0; n < MSG_KEY_BYTES; n++) packet[MSG_KEY_AT + n] = bytes[digestAt + 8 + n]!;
  deriveInPlace(bytes, authKey, packet, x);
  wasm.ige256_encrypt(plainAt, length, outputAt);
  packet.set(bytes.subarray(outputAt, outputAt + length), HEADER);
  return packet;
}

/** Compares the `msg_key` of a packet with the hash of its content, in a time that does not depend on either. */
function isSameMsgKey(bytes: Uint8Array, packet: Uint8Array): boolean {
  let difference = 0;
  for (let n = 0; n < MSG_KEY_BYTES; n++) difference |= bytes[digestAt + 8 + n]! ^ packet[MSG_KEY_AT + n]!;
  return difference === 0;
}

/**
 * Decrypts a packet and checks its `msg_key` in constant time. The caller has found the key by the packet's first 8 bytes, and must check
 * the content (salt, session, length, padding).
 * @returns undefined when the packet is too short, not a multiple of the block size, or its `msg_key` is wrong.
 */
export function openMessage(authKey: Uint8Array, packet: Uint8Array, direction: Direction): Opened | undefined {
  checkAuthKey(authKey);
  const length = packet.length - HEADER;
  if (length < 48 || length % 16 !== 0) return undefined;
  if (length > SMALL) {
    const msgKey = packet.subarray(MSG_KEY_AT, HEADER);
    const { key, iv } = messageKeys(authKey, msgKey, direction);
    const plaintext = igeDecrypt(packet.subarray(HEADER), key, iv);
    const large = msgKeyLarge(authKey, plaintext, direction);
    return equalBytes(large.subarray(8, 24), msgKey) ? { plaintext, quickAckToken: quickAckToken(large) } : undefined;
  }
  const x = keyOffset(direction);
  const bytes = memory();
  deriveInPlace(bytes, authKey, packet, x);
  bytes.set(packet.subarray(HEADER), outputAt);
  wasm.ige256_decrypt(outputAt, length, plainAt);
  load(authKey, 88 + x, 32, inputAt);
  hashInPlace(bytes, length);
  if (!isSameMsgKey(bytes, packet)) return undefined;
  const large = bytes.subarray(digestAt, digestAt + 32);
  const { buffer, byteOffset } = Buffer.allocUnsafe(length);
  const plaintext = new Uint8Array(buffer, byteOffset, length);
  plaintext.set(bytes.subarray(plainAt, plainAt + length));
  return { plaintext, quickAckToken: quickAckToken(large) };
}

/**
 * Encrypts a message as in MTProto 1.0, as clients do with the inner message of `auth.bindTempAuthKey`.
 * @param authKey the authorization key and its id.
 * @param unpadded the message without padding.
 * @param padding random bytes up to a multiple of the block size (0–15).
 * @see https://core.telegram.org/method/auth.bindTempAuthKey
 */
export function sealMessageV1(authKey: { bytes: Uint8Array; idBytes: Uint8Array }, unpadded: Uint8Array, padding: Uint8Array, direction: Direction): Uint8Array {
  checkAuthKey(authKey.bytes);
  const msgKey = msgKeyV1(unpadded);
  const { key, iv } = messageKeysV1(authKey.bytes, msgKey, direction);
  const padded = new Uint8Array(unpadded.length + padding.length);
  padded.set(unpadded, 0);
  padded.set(padding, unpadded.length);
  const packet = new Uint8Array(HEADER + padded.length);
  packet.set(authKey.idBytes, 0);
  packet.set(msgKey, 8);
  packet.set(igeEncrypt(padded, key, iv), HEADER);
  return packet;
}

/**
 * Decrypts a packet of MTProto 1.0 and checks its `msg_key` over the message without the padding.
 * @returns the message (random:16 msg_id:8 seq_no:4 length:4 body) without padding, or undefined when anything is wrong.
 */
export function openMessageV1(authKey: Uint8Array, packet: Uint8Array, direction: Direction): Uint8Array | undefined {
  checkAuthKey(authKey);
  const length = packet.length - HEADER;
  if (length < 32 || length % 16 !== 0) return undefined;
  const msgKey = packet.subarray(8, HEADER);
  const { key, iv } = messageKeysV1(authKey, msgKey, direction);
  const padded = igeDecrypt(packet.subarray(HEADER), key, iv);
  const bodyLength = new DataView(padded.buffer, padded.byteOffset, padded.byteLength).getUint32(28, true);
  const end = 32 + bodyLength;
  // An impossible length is hashed too, so that the time does not distinguish it from a wrong key.
  const possible = end <= length && length - end < 16;
  const unpadded = padded.subarray(0, possible ? end : length);
  return equalBytes(msgKeyV1(unpadded), msgKey) && possible ? unpadded : undefined;
}
