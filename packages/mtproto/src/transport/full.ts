import { crc32 } from 'node:zlib';
import { checkPacketLength, type Framing, readUint32, writeUint32 } from './framing.ts';
import { TransportError } from './transport-error.ts';

/** Length, sequence number and checksum around a message. */
const OVERHEAD = 12;

/** Frames a message in the full format, with its sequence number in this direction. */
export function encodeFull(data: Uint8Array, sequence: number): Uint8Array {
  const framed = new Uint8Array(data.length + OVERHEAD);
  writeUint32(framed, framed.length);
  writeUint32(framed, sequence, 4);
  framed.set(data, 8);
  writeUint32(framed, crc32(framed.subarray(0, framed.length - 4)), framed.length - 4);
  return framed;
}

/**
 * Takes one full packet out of the queue.
 * @param sequence the sequence number it must have.
 * @returns the message, or undefined if it is incomplete.
 * @throws TransportError for a wrong sequence number or checksum.
 */
export function takeFull(queue: Parameters<Framing['next']>[0], sequence: number, check: (length: number) => void): Uint8Array | undefined {
  if (queue.length < 8) return undefined;
  const head = queue.peek(8);
  const length = readUint32(head);
  check(length - OVERHEAD);
  if (length % 4 !== 0) throw new TransportError('misaligned-length', `${length} bytes`);
  const theirs = readUint32(head, 4);
  if (theirs !== sequence) throw new TransportError('wrong-sequence', `number ${theirs} instead of ${sequence}`);
  if (queue.length < length) return undefined;
  const framed = queue.take(length);
  if (crc32(framed.subarray(0, length - 4)) !== readUint32(framed, length - 4)) throw new TransportError('wrong-checksum', `packet ${sequence}`);
  return framed.subarray(8, length - 4);
}

/**
 * Full framing has no quick acknowledgements. Sequence numbers wrap to 0 at 2^32.
 * @see https://core.telegram.org/mtproto/mtproto-transports#full
 */
export function createFull(): Framing {
  let received = 0;
  let sent = 0;
  return {
    next(queue, limit) {
      const data = takeFull(queue, received, (length) => checkPacketLength(length, limit));
      if (data === undefined) return undefined;
      received = (received + 1) >>> 0;
      return { type: 'packet', data, quickAck: false };
    },
    packet(data) {
      const framed = encodeFull(data, sent);
      sent = (sent + 1) >>> 0;
      return framed;
    },
    quickAck: () => new Uint8Array(0),
  };
}
