// Packets of SCTP (RFC 9260), as far as signalling of calls needs them.
import { concat } from './bytes.ts';
import { crc32c } from './crc32c.ts';

/** Both ends use this port. */
const PORT = 5000;

export const ChunkType = { data: 0, init: 1, initAck: 2, sack: 3, heartbeat: 4, heartbeatAck: 5, abort: 6, cookieEcho: 10, cookieAck: 11 } as const;
/** Chunks of one packet that are read. */
const CHUNKS_MAX = 64;
/** Greatest length of a packet, in bytes. */
const PACKET_MAX = 300 * 1024;

export interface Chunk {
  type: number;
  flags: number;
  /** What follows the four bytes of the head. */
  value: Uint8Array<ArrayBuffer>;
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The checksum is computed as if its own four bytes were 0. */
function checksum(packet: Uint8Array): number {
  const copy = packet.slice();
  copy.fill(0, 8, 12);
  return crc32c(copy);
}

/** Whether bytes are a packet between the ports of signalling, with a right checksum. */
export function isSctp(bytes: Uint8Array): boolean {
  if (bytes.length < 12 || bytes.length > PACKET_MAX) return false;
  const read = view(bytes);
  return read.getUint16(0) === PORT && read.getUint16(2) === PORT && read.getUint32(8, true) === checksum(bytes);
}

/** @param tag which the other end has chosen, 0 for the first packet */
export function writePacket(tag: number, ...chunks: Chunk[]): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(12);
  view(head).setUint16(0, PORT);
  view(head).setUint16(2, PORT);
  view(head).setUint32(4, tag);
  const parts = chunks.flatMap(({ type, flags, value }) => {
    const start = Uint8Array.of(type, flags, 0, 0);
    view(start).setUint16(2, value.length + 4);
    return [start, value, new Uint8Array(-value.length & 3)];
  });
  const packet = concat(head, ...parts);
  view(packet).setUint32(8, checksum(packet), true);
  return packet;
}

/** The tag and the chunks of a packet; what is damaged is left out. */
export function readPacket(bytes: Uint8Array): { tag: number; chunks: Chunk[] } {
  const read = view(bytes);
  const chunks: Chunk[] = [];
  for (let at = 12; at + 4 <= bytes.length && chunks.length < CHUNKS_MAX; ) {
    const length = read.getUint16(at + 2);
    if (length < 4 || at + length > bytes.length) break;
    chunks.push({ type: bytes[at]!, flags: bytes[at + 1]!, value: new Uint8Array(bytes.slice(at + 4, at + length)) });
    at += (length + 3) & ~3;
  }
  return { tag: read.getUint32(4), chunks };
}
