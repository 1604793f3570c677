// What is in a packet of versions 8.0.0 and 9.0.0: messages that are acknowledged and sent again until they are.
import { concat, readUint32, uint32 } from './bytes.ts';
import { NUMBER_MASK } from './call-crypto.ts';

/** The number has this bit if the message is to be acknowledged. */
const NEEDS_ACK = 0x40000000;

const KIND_ACK = 255;
const KIND_EMPTY = 254;
const KIND_JSON = 127;
/** Messages that wait to be sent. */
const WAITING_MAX = 256;
/** How often a message is sent before it is given up. */
const TRIES_MAX = 6;
/** Messages of one packet that are read. */
const PARTS_MAX = 256;

/** What one packet holds. */
export interface AckedPacket {
  /** Numbers that the other end has taken, as they were sent. */
  acks: number[];
  messages: { seq: number; text: Uint8Array<ArrayBuffer>; needsAck: boolean }[];
}

/** Reads an opened packet; undefined if it is not of this kind. */
export function readAcked(plain: Uint8Array<ArrayBuffer>): AckedPacket | undefined {
  const packet: AckedPacket = { acks: [], messages: [] };
  let at = 0;
  for (let part = 0; at < plain.length; part++) {
    if (part === PARTS_MAX || at + 5 > plain.length) return undefined;
    const seq = readUint32(plain, at);
    const kind = plain[at + 4];
    at += 5;
    if (kind === KIND_ACK) packet.acks.push(seq);
    else if (kind === KIND_JSON) {
      if (at + 4 > plain.length) return undefined;
      const length = readUint32(plain, at);
      at += 4;
      if (length > plain.length - at) return undefined;
      packet.messages.push({ seq, text: plain.slice(at, at + length), needsAck: (seq & NEEDS_ACK) !== 0 });
      at += length;
    } else if (kind !== KIND_EMPTY || part > 0) return undefined;
  }
  return packet;
}

/**
 * The own messages, one on its way at a time: the next one goes when the other end has acknowledged the one before. So they come in order, although this framing has no order
 * of its own, and each is the first of its packet, which is the one that every other client acknowledges.
 */
export class AckedSender {
  #last = 0;
  readonly #queue: Uint8Array[] = [];
  #current: { seq: number; message: Uint8Array<ArrayBuffer>; tries: number } | undefined;
  #acks: number[] = [];

  /** Takes a message. @throws RangeError if 256 wait already */
  add(text: Uint8Array): void {
    if (this.#queue.length >= WAITING_MAX) throw new RangeError('the other end of the call acknowledges nothing');
    this.#queue.push(text);
  }

  /** The packet of the next message; undefined if there is none, or if one is on its way. */
  next(): Uint8Array<ArrayBuffer> | undefined {
    const text = this.#current ? undefined : this.#queue.shift();
    if (!text) return undefined;
    const seq = (++this.#last | NEEDS_ACK) >>> 0;
    const message = concat(uint32(seq), Uint8Array.of(KIND_JSON), uint32(text.length), text);
    this.#current = { seq, message, tries: 1 };
    return message;
  }

  /**
   * The packet with the message that is on its way once more; undefined if there is none. It begins with a number of its own, because a packet whose first number is known is
   * dropped unread. A message that was sent often enough is given up.
   */
  again(): Uint8Array<ArrayBuffer> | undefined {
    if (!this.#current) return undefined;
    if (this.#current.tries++ >= TRIES_MAX) {
      this.#current = undefined;
      return this.next();
    }
    return concat(uint32(++this.#last), Uint8Array.of(KIND_EMPTY), this.#current.message);
  }

  /** The other end has taken a message. The two high bits of its number may come back otherwise than they were sent. */
  drop(ack: number): void {
    if (this.#current && ((this.#current.seq ^ ack) & NUMBER_MASK) === 0) this.#current = undefined;
  }

  /** Notes that a message came, so that the next packet of acknowledgements says so. */
  acknowledge(seq: number): void {
    if (this.#acks.length < PARTS_MAX - 1) this.#acks.push(seq);
  }

  /** A packet with the acknowledgements that wait; undefined if there are none. */
  takeAcks(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#acks.length === 0) return undefined;
    const acks = this.#acks.flatMap((seq) => [uint32(seq), Uint8Array.of(KIND_ACK)]);
    this.#acks = [];
    return concat(uint32(++this.#last), Uint8Array.of(KIND_EMPTY), ...acks);
  }
}
