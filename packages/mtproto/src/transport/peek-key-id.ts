import { type FramingName, readUint32 } from './framing.ts';
import { acceptObfuscated, OBFUSCATED_HEADER } from './obfuscation.ts';
import { createSniffer } from './sniffer.ts';

/** Bytes of a stream's beginning that tell the key in any transport: header, length, number of the packet, key. */
export const PEEK_BYTES = OBFUSCATED_HEADER + 16;

/** Nothing is drawn from it: no packet is made here. */
const NO_RANDOM = { bytes: (length: number): Uint8Array => new Uint8Array(length) };

/**
 * Finds under which key the first packet of a new stream is, without waiting for the whole packet and without using up
 * anything: whoever takes the stream over begins with the same bytes. Looks at {@link PEEK_BYTES} at most.
 * @returns the key's id, 0 for a handshake; 'http' for an HTTP request; undefined when there are too few bytes
 * @throws TransportError when it is none of the known transports
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

/** Where the first packet's message begins. */
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
