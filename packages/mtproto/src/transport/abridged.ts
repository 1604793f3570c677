import { checkPacketLength, type Framing, readUint32 } from './framing.ts';

/** The byte with which a client opens an abridged stream. */
export const ABRIDGED_TAG = 0xef;

/**
 * Frames a message in the abridged format: its length in words in one byte, or 0x7f and three bytes. The highest bit of the first byte asks
 * for a quick acknowledgement; only clients set it.
 * @throws RangeError when the length is not a multiple of 4 or over 64 MiB.
 */
export function encodeAbridged(data: Uint8Array, quickAck: boolean): Uint8Array {
  const words = data.length / 4;
  if (!Number.isInteger(words) || words > 0xff_ffff) throw new RangeError(`an abridged packet cannot hold ${data.length} bytes`);
  const head = words < 0x7f ? 1 : 4;
  const framed = Buffer.allocUnsafe(head + data.length);
  const flag = quickAck ? 0x80 : 0;
  if (head === 1) {
    framed[0] = words | flag;
  } else {
    framed[0] = 0x7f | flag;
    framed[1] = words;
    framed[2] = words >>> 8;
    framed[3] = words >>> 16;
  }
  framed.set(data, head);
  return framed;
}

/** Stateless, so all connections share it. @see https://core.telegram.org/mtproto/mtproto-transports#abridged */
export const ABRIDGED: Framing = {
  next(queue, limit) {
    if (queue.length < 1) return undefined;
    const first = queue.peek(1)[0]!;
    const quickAck = (first & 0x80) !== 0;
    let words = first & 0x7f;
    let head = 1;
    if (words === 0x7f) {
      if (queue.length < 4) return undefined;
      words = readUint32(queue.peek(4)) >>> 8;
      head = 4;
    }
    const length = words * 4;
    checkPacketLength(length, limit);
    if (queue.length < head + length) return undefined;
    queue.skip(head);
    return { type: 'packet', data: queue.take(length), quickAck };
  },
  packet: (data) => encodeAbridged(data, false),
  // The bytes of the token are sent in reverse order, so that its highest bit is where a length never has one.
  quickAck: (token) => Uint8Array.of(token >>> 24, token >>> 16, token >>> 8, token),
};
