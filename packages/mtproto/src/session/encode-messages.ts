import { CONTAINER_HEAD, MESSAGE_HEAD } from './container.ts';
import { MSG_CONTAINER, MSGS_ACK, VECTOR } from './constructors.ts';
import type { OutgoingMessage } from './outgoing.ts';

/** The body of `msgs_ack`. */
export function encodeAcks(msgIds: readonly bigint[]): Uint8Array {
  const body = Buffer.allocUnsafe(12 + msgIds.length * 8);
  body.writeUInt32LE(MSGS_ACK, 0);
  body.writeUInt32LE(VECTOR, 4);
  body.writeInt32LE(msgIds.length, 8);
  for (let i = 0; i < msgIds.length; i++) body.writeBigInt64LE(msgIds[i]!, 12 + i * 8);
  return body;
}

/** Writes a container of numbered messages into a packet. @param at offset at which it begins */
export function writeContainer(batch: readonly OutgoingMessage[], target: Buffer, at: number): void {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  view.setUint32(at, MSG_CONTAINER, true);
  view.setInt32(at + 4, batch.length, true);
  at += CONTAINER_HEAD;
  for (const message of batch) {
    view.setBigInt64(at, message.msgId, true);
    view.setInt32(at + 8, message.seqNo, true);
    view.setInt32(at + 12, message.wireLength, true);
    at = message.writeTo(target, at + MESSAGE_HEAD);
  }
}
