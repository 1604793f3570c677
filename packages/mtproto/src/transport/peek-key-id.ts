import { type FramingName, readUint32 } from './framing.ts';
import { acceptObfuscated, OBFUSCATED_HEADER } from './obfuscation.ts';
import { createSniffer } from './sniffer.ts';

/** Number of bytes at the start of a stream that contain the key id in any transport: header, length, sequence number, key id. */
export const PEEK_BYTES = OBFUSCATED_HEADER + 16;

/** Never used: no packet is created here. */
const NO_RANDOM = { bytes: (length: number): Uint8Array => new Uint8Array(length) };

/**
 * Finds the key of the first packet of a new stream, without waiting for the whole packet and without consuming bytes, so another process
 * can take over the stream with the same bytes. Reads at most {@link PEEK_BYTES}.
 * @returns the key's id, 0 for a handshake; 'http' for an HTTP request; undefined when there are too few bytes
 * @throws TransportError when it is not a known transport
 */
export function peekKeyId(bytes: Uint8Array): bigint | 'http' | undefined {
  const head = bytes.subarray(0, PEEK_BYTES);
  const sniffed = createSniffer({ random: NO_RANDOM }).push(head);
  if (sniffed.kind === 'http') return 'http';
  if (sniffed.kind === 'need-more') return undefined;
  const packets = sniffed.obfuscated ? acceptObfuscated(head.subarray(0, OBFUSCATED_HEADER))!.decrypt.process(sniffed.rest) : sniffed.rest;
  const at = packets.length === 0 ? 1 : bodyAt(sniffed.framing, packets[0]!);
  if (packets.length < at + 8) return undefined;
  const low = BigInt(readUint32(packets, at));
  return BigInt.asIntN(64, (BigInt(readUint32(packets, at + 4)) << 32n) | low);
}

/** Offset of the message in the first packet. */
function bodyAt(framing: FramingName, first: number): number {
  switch (framing) {
    case 'abridged':
      return (first & 0x7f) === 0x7f ? 4 : 1;
    case 'intermediate':
    case 'padded':
      return 4;
    case 'full':
      return 8;
  }
}
