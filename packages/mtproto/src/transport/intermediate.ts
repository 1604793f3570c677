import type { RandomBytes } from '@aerogram/crypto';
import type { ChunkQueue } from './chunk-queue.ts';
import { checkPacketLength, type Framing, readUint32, type TransportPacket, writeUint32 } from './framing.ts';
import { TransportError } from './transport-error.ts';

/** The four bytes with which a client opens an intermediate stream. */
export const INTERMEDIATE_TAG = 0xeeeeeeee;
/** The four bytes with which a client opens a padded intermediate stream. */
export const PADDED_TAG = 0xdddddddd;

const QUICK_ACK = 0x80000000;
const LONGEST_PADDING = 15;

/** Frames a message in the intermediate format, followed by padding if the framing has any; `quickAck` is set by clients only. */
export function encodeIntermediate(data: Uint8Array, padding: Uint8Array, quickAck: boolean): Uint8Array {
  const length = data.length + padding.length;
  const framed = Buffer.allocUnsafe(4 + length);
  writeUint32(framed, quickAck ? length + QUICK_ACK : length);
  framed.set(data, 4);
  framed.set(padding, 4 + data.length);
  return framed;
}

const NO_PADDING = new Uint8Array(0);

/** Stateless, so all connections share it. @see https://core.telegram.org/mtproto/mtproto-transports#intermediate */
export const INTERMEDIATE: Framing = {
  next(queue, limit) {
    if (queue.length < 4) return undefined;
    const head = readUint32(queue.peek(4));
    const length = head % QUICK_ACK;
    checkPacketLength(length, limit);
    if (length % 4 !== 0) throw new TransportError('misaligned-length', `${length} bytes`);
    if (queue.length < 4 + length) return undefined;
    queue.skip(4);
    return { type: 'packet', data: queue.take(length), quickAck: head >= QUICK_ACK };
  },
  packet: (data) => encodeIntermediate(data, NO_PADDING, false),
  quickAck(token) {
    const bytes = new Uint8Array(4);
    writeUint32(bytes, token);
    return bytes;
  },
};

/**
 * Removes the padding of 0–15 bytes. Its length is not sent: an encrypted message consists of a 24-byte header and whole blocks of 16
 * bytes, and an unencrypted one contains its length.
 */
function withoutPadding(packet: Uint8Array): Uint8Array {
  const isPlain = readUint32(packet, 0) === 0 && readUint32(packet, 4) === 0;
  if (!isPlain) return packet.subarray(0, packet.length - ((packet.length - 24) % 16));
  const length = 20 + readUint32(packet, 16);
  return length < packet.length && packet.length - length <= LONGEST_PADDING ? packet.subarray(0, length) : packet;
}

/**
 * Servers pad with 0–3 bytes, because some clients only remove what exceeds whole words.
 * @see https://core.telegram.org/mtproto/mtproto-transports#padded-intermediate
 */
export class PaddedFraming implements Framing {
  readonly #random: RandomBytes;

  /** @param random source of the padding. */
  constructor(random: RandomBytes) {
    this.#random = random;
  }

  next(queue: ChunkQueue, limit: number): TransportPacket | undefined {
    if (queue.length < 4) return undefined;
    const head = readUint32(queue.peek(4));
    const length = head % QUICK_ACK;
    checkPacketLength(length, limit + LONGEST_PADDING);
    if (queue.length < 4 + length) return undefined;
    queue.skip(4);
    return { type: 'packet', data: withoutPadding(queue.take(length)), quickAck: head >= QUICK_ACK };
  }

  packet(data: Uint8Array): Uint8Array {
    // A transport error is not padded: clients recognize it by its length of 4.
    const padding = data.length <= 4 ? NO_PADDING : this.#random.bytes(this.#random.bytes(1)[0]! & 3);
    return encodeIntermediate(data, padding, false);
  }

  quickAck(token: number): Uint8Array {
    const bytes = new Uint8Array(8);
    writeUint32(bytes, 0xffffffff);
    writeUint32(bytes, token, 4);
    return encodeIntermediate(bytes, this.#random.bytes(this.#random.bytes(1)[0]! & 7), false);
  }
}
