import type { ChunkQueue } from './chunk-queue.ts';
import { TransportError, type TransportErrorCode } from './transport-error.ts';

/** How packets are told apart in a stream. */
export type FramingName = 'abridged' | 'intermediate' | 'padded' | 'full';

/** A packet that came in: an encrypted or plain MTProto message. */
export interface TransportPacket {
  type: 'packet';
  /** The message, without framing and its padding. May be a view of a received chunk. */
  data: Uint8Array;
  /** The client wants the quick-ack token as soon as the message has been accepted. */
  quickAck: boolean;
}

/** What a stream tells. */
export type TransportEvent = TransportPacket;

/** Turns received bytes into packets. */
export interface StreamDecoder {
  /**
   * Takes the next bytes of the stream and gives the packets that are complete now.
   * The chunk is kept until it is used up; it must not change any more.
   * @throws TransportError when the framing is broken; from then on always.
   */
  push(chunk: Uint8Array): TransportEvent[];
}

/** Turns what is to be sent into bytes. The results go out in the order of the calls. */
export interface StreamEncoder {
  /** Frames a message. */
  packet(data: Uint8Array): Uint8Array;
  /** Answers a packet that asked for a quick acknowledgement; no bytes where the framing has none (full). */
  quickAck(token: number): Uint8Array;
  /** Frames a transport error: four bytes where a message would be. */
  error(code: TransportErrorCode): Uint8Array;
}

/** One framing, as a server reads and writes it; keeps sequence numbers where there are any. */
export interface Framing {
  /**
   * Takes the next packet out of the queue, or leaves it alone when the packet is not complete.
   * @throws TransportError when no packet can begin like this.
   */
  next(queue: ChunkQueue, limit: number): TransportPacket | undefined;
  packet(data: Uint8Array): Uint8Array;
  quickAck(token: number): Uint8Array;
}

/** The largest message: 1 MiB, which the documents allow a container, and room for its headers. */
export const DEFAULT_PACKET_LIMIT = 1_048_576 + 65_536;

/** The smallest message that MTProto knows: an unencrypted header (8 + 8 + 4 bytes) with a constructor. */
const SMALLEST_MESSAGE = 24;

/**
 * Checks a packet's length before anything waits for its bytes.
 * @throws TransportError when no message has this length.
 */
export function checkPacketLength(length: number, limit: number): void {
  if (length > limit) throw new TransportError('packet-too-large', `${length} bytes, the limit is ${limit}`);
  if (length < SMALLEST_MESSAGE) throw new TransportError('packet-too-small', `${length} bytes`);
}

/** The four little-endian bytes of a transport error. */
export function errorBytes(code: TransportErrorCode): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, code, true);
  return bytes;
}

/** Reads a little-endian unsigned 32-bit number. */
export function readUint32(bytes: Uint8Array, offset = 0): number {
  return (bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16) | (bytes[offset + 3]! << 24)) >>> 0;
}

/** Writes a little-endian unsigned 32-bit number. */
export function writeUint32(bytes: Uint8Array, value: number, offset = 0): void {
  bytes[offset] = value;
  bytes[offset + 1] = value >>> 8;
  bytes[offset + 2] = value >>> 16;
  bytes[offset + 3] = value >>> 24;
}
