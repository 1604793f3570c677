import { authKeyIds, type Direction, freeBytes, type Opened, openMessage, type RandomBytes, sealMessage } from '@aerogram/crypto';

/** An authorization key with its id in both forms. */
export interface AuthKey {
  /** Signed TL long. */
  readonly id: bigint;
  /** The 8 bytes of the id as sent on the wire. */
  readonly idBytes: Uint8Array;
  /** 256 bytes. */
  readonly bytes: Uint8Array;
}

/** A decrypted packet with a valid msg_key, length and padding. Nothing else has been checked. */
export interface DecryptedMessage {
  salt: bigint;
  sessionId: bigint;
  msgId: bigint;
  seqNo: number;
  body: Uint8Array;
  /** Token to send if the client asked for a quick acknowledgement. */
  quickAckToken: number;
}

/**
 * Packets from this size on are opened and sealed in another thread. Half a megabyte takes 2 to 6 ms, during which no other connection
 * would be served.
 */
export const LONG_PACKET_BYTES = 64 * 1024;

/** salt:8 session_id:8 msg_id:8 seq_no:4 length:4 */
const HEADER_BYTES = 32;
/** Messages up to this length are assembled in a shared buffer before encryption. */
const SCRATCH_BYTES = 16 * 1024;

const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
const scratchView = new DataView(scratch.buffer);
const MIN_PADDING = 12;
const MAX_PADDING = 1024;

/** Computes the identifiers of a key of 256 bytes. */
export function createAuthKey(bytes: Uint8Array): AuthKey {
  const { id } = authKeyIds(bytes);
  const idBytes = new Uint8Array(8);
  new DataView(idBytes.buffer).setBigInt64(0, id, true);
  return { id, idBytes, bytes };
}

/** The auth_key_id at the start of a packet; 0 marks an unencrypted message. The packet must have at least 8 bytes. */
export function packetKeyId(packet: Uint8Array): bigint {
  return new DataView(packet.buffer, packet.byteOffset, packet.byteLength).getBigInt64(0, true);
}

/**
 * Decrypts a packet and verifies its msg_key before anything inside is used.
 * @param direction who sent it; a server receives 'to-server'.
 * @returns undefined when the msg_key, the length or the padding (12 … 1024 bytes) is wrong.
 * @see https://core.telegram.org/mtproto/security_guidelines#mtproto-encrypted-messages
 */
export function decryptMessage(key: AuthKey, packet: Uint8Array, direction: Direction = 'to-server'): DecryptedMessage | undefined {
  const opened = openMessage(key.bytes, packet, direction);
  return opened && readOpened(opened);
}

/**
 * Reads the content of a packet whose msg_key was right: the second half of `decryptMessage`.
 * @returns undefined when the length or the padding is wrong.
 */
export function readOpened({ plaintext, quickAckToken }: Opened): DecryptedMessage | undefined {
  const view = new DataView(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength);
  const length = view.getInt32(28, true);
  const padding = plaintext.length - HEADER_BYTES - length;
  if (length < 4 || length % 4 !== 0 || padding < MIN_PADDING || padding > MAX_PADDING) return undefined;
  return {
    salt: view.getBigInt64(0, true),
    sessionId: view.getBigInt64(8, true),
    msgId: view.getBigInt64(16, true),
    seqNo: view.getInt32(24, true),
    body: plaintext.subarray(HEADER_BYTES, HEADER_BYTES + length),
    quickAckToken,
  };
}

/** The encrypted header before the body. */
export interface MessageHeader {
  salt: bigint;
  sessionId: bigint;
  msgId: bigint;
  seqNo: number;
}

/** A message to be encrypted. */
export interface UnsealedMessage extends MessageHeader {
  /** Length of the body in bytes, a multiple of 4. */
  bodyLength: number;
  /** Writes the body into the buffer, starting at the offset. */
  body: { writeTo(target: Buffer, at: number): void };
}

/** A packet to the client that is complete except for its encryption. */
export interface UnsealedPacket {
  readonly key: AuthKey;
  /** Header, body and padding, in a buffer of their own. */
  readonly padded: Uint8Array;
}

/** A packet to the client: ready to be sent or, if it is long, still to be sealed. */
export type OutgoingPacket = Uint8Array | UnsealedPacket;

/** Whether a packet to the client is ready to be sent. */
export function isSealed(packet: OutgoingPacket): packet is Uint8Array {
  return packet instanceof Uint8Array;
}

/** Seals a packet in the calling thread, if it is not sealed yet. */
export function sealHere(packet: OutgoingPacket): Uint8Array {
  return isSealed(packet) ? packet : sealMessage(packet.key.bytes, packet.key.idBytes, packet.padded, 'to-client');
}

/** Encrypts one message. */
export function encryptMessage(key: AuthKey, message: UnsealedMessage, random: RandomBytes, direction: Direction = 'to-client'): Uint8Array {
  const padded = padMessage(message, random);
  const packet = sealMessage(key.bytes, key.idBytes, padded, direction);
  if (padded.length > SCRATCH_BYTES) freeBytes(padded);
  return packet;
}

/** Encrypts one message to the client if it is short, and only pads it if it is long. */
export function packMessage(key: AuthKey, message: UnsealedMessage, random: RandomBytes): OutgoingPacket {
  if (HEADER_BYTES + message.bodyLength < LONG_PACKET_BYTES) return encryptMessage(key, message, random);
  return { key, padded: padMessage(message, random) };
}

/** Writes header, body and padding. @returns a buffer of its own if it is long, otherwise one that is valid until the next message */
function padMessage(message: UnsealedMessage, random: RandomBytes): Buffer {
  const { bodyLength } = message;
  const unpadded = HEADER_BYTES + bodyLength;
  const padding = MIN_PADDING + ((16 - ((unpadded + MIN_PADDING) % 16)) % 16);
  const length = unpadded + padding;
  const padded = length <= SCRATCH_BYTES ? scratch.subarray(0, length) : Buffer.allocUnsafeSlow(length);
  const view = length <= SCRATCH_BYTES ? scratchView : new DataView(padded.buffer);
  view.setBigInt64(0, message.salt, true);
  view.setBigInt64(8, message.sessionId, true);
  view.setBigInt64(16, message.msgId, true);
  view.setInt32(24, message.seqNo, true);
  view.setInt32(28, bodyLength, true);
  message.body.writeTo(padded, HEADER_BYTES);
  padded.set(random.bytes(padding), unpadded);
  return padded;
}
