import { readLong, writeLong } from '@aerogram/crypto';

/** Key id (zero), message id and length before the body. */
const HEADER = 20;

/** An unencrypted message, as used by handshakes. */
export interface PlainMessage {
  /** Not checked: before the handshake a client's clock may be wrong. */
  msgId: bigint;
  body: Uint8Array;
}

/**
 * Reads an unencrypted message.
 * @returns undefined when the packet is encrypted, too short, or its length field does not match the body.
 * @see https://core.telegram.org/mtproto/description#unencrypted-message
 */
export function readPlainMessage(packet: Uint8Array): PlainMessage | undefined {
  if (packet.length < HEADER || readLong(packet) !== 0n) return undefined;
  const length = new DataView(packet.buffer, packet.byteOffset, packet.byteLength).getUint32(16, true);
  if (length !== packet.length - HEADER) return undefined;
  return { msgId: readLong(packet, 8), body: packet.subarray(HEADER) };
}

/** Writes an unencrypted message. */
export function writePlainMessage(msgId: bigint, body: Uint8Array): Uint8Array {
  const packet = new Uint8Array(HEADER + body.length);
  writeLong(packet, msgId, 8);
  new DataView(packet.buffer).setUint32(16, body.length, true);
  packet.set(body, HEADER);
  return packet;
}
