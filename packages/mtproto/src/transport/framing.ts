import type { ChunkQueue } from './chunk-queue.ts';
import { TransportError, type TransportErrorCode } from './transport-error.ts';

/** How a stream is divided into packets. */
export type FramingName = 'abridged' | 'intermediate' | 'padded' | 'full';

/** A received packet: an encrypted or unencrypted MTProto message. */
export interface TransportPacket {
  type: 'packet';
  /** The message without framing and padding. May be a view of a received chunk. */
  data: Uint8Array;
  /** The client wants the quick acknowledgement token as soon as the message has been accepted. */
  quickAck: boolean;
}

/** An event of a stream. */
export type TransportEvent = TransportPacket;

/** Turns received bytes into packets. */
export interface StreamDecoder {
  /**
   * Takes the next bytes of the stream and returns the packets that are complete. The chunk is kept until it is used up and must not be
   * modified.
   * @throws TransportError when the framing is broken, and on every later call.
   */
  push(chunk: Uint8Array): TransportEvent[];
}

/** Encodes what is sent. The results must be sent in the order of the calls. */
export interface StreamEncoder {
  /** Frames a message. */
  packet(data: Uint8Array): Uint8Array;
  /** Answers a packet that asked for a quick acknowledgement; no bytes if the framing has none (full). */
  quickAck(token: number): Uint8Array;
  /** Frames a transport error: four bytes in place of a message. */
  error(code: TransportErrorCode): Uint8Array;
}

/** One framing as a server reads and writes it; keeps sequence numbers if the framing has them. */
export interface Framing {
  /**
   * Takes the next packet out of the queue; returns undefined and changes nothing if it is incomplete.
   * @throws TransportError when no packet can begin like this.
   */
  next(queue: ChunkQueue, limit: number): TransportPacket | undefined;
  packet(data: Uint8Array): Uint8Array;
  quickAck(token: number): Uint8Array;
}

/** The largest message: 1 MiB, which the documentation allows for a container, plus its headers. */
export const DEFAULT_PACKET_LIMIT = 1_048_576 + 65_536;

/** The smallest MTProto message: an unencrypted header (8 + 8 + 4 bytes) and a constructor. */
const SMALLEST_MESSAGE = 24;

/**
 * Checks the length of a packet before its bytes have arrived.
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
