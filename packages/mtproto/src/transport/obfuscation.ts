import { createCtr, type CtrStream } from '@aerogram/crypto';
import { ABRIDGED_TAG } from './abridged.ts';
import { type FramingName, readUint32, writeUint32 } from './framing.ts';
import { INTERMEDIATE_TAG, PADDED_TAG } from './intermediate.ts';

/** Length of the header that opens an obfuscated stream. */
export const OBFUSCATED_HEADER = 64;

const TAG_AT = 56;
const DC_AT = 60;

/** Framings that can be used inside an obfuscated stream, by the tag in its header. */
const FRAMING_OF_TAG = new Map<number, FramingName>([
  [ABRIDGED_TAG * 0x01010101, 'abridged'],
  [INTERMEDIATE_TAG, 'intermediate'],
  [PADDED_TAG, 'padded'],
]);

const TAG_OF_FRAMING = new Map([...FRAMING_OF_TAG].map(([tag, name]) => [name, tag]));

/** Both directions of an obfuscated stream, as seen from one end. */
export interface ObfuscatedStream {
  framing: FramingName;
  /** The DC bytes of the header as a signed number; clients may put random bytes there, so nothing depends on it. */
  dc: number;
  decrypt: CtrStream;
  encrypt: CtrStream;
}

/** Derives key and initialization vector of the client's direction and, from the reversed bytes, of the server's. */
function openStreams(header: Uint8Array): { fromClient: CtrStream; fromServer: CtrStream } {
  const secret = header.subarray(8, 56);
  const reversed = Uint8Array.from(secret).reverse();
  return {
    fromClient: createCtr(secret.subarray(0, 32), secret.subarray(32)),
    fromServer: createCtr(reversed.subarray(0, 32), reversed.subarray(32)),
  };
}

/**
 * Opens the server's end.
 * @param header the first 64 bytes of the stream.
 * @returns undefined when the header contains no known tag: it is not an obfuscated header, or not for us.
 * @see https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
 */
export function acceptObfuscated(header: Uint8Array): ObfuscatedStream | undefined {
  const { fromClient, fromServer } = openStreams(header);
  // The client's cipher also processed the header itself.
  const opened = fromClient.process(header);
  const framing = FRAMING_OF_TAG.get(readUint32(opened, TAG_AT));
  if (framing === undefined) return undefined;
  const dc = ((opened[DC_AT]! | (opened[DC_AT + 1]! << 8)) << 16) >> 16;
  return { framing, dc, decrypt: fromClient, encrypt: fromServer };
}

/** First words that an obfuscated header must not have, because they mean something else; little-endian. */
const FORBIDDEN_FIRST = new Set([0x44414548, 0x54534f50, 0x20544547, 0x4954504f, 0x02010316, PADDED_TAG, INTERMEDIATE_TAG]);

/**
 * Opens the client's end.
 * @param framing any except full, which has no tag.
 * @param dc written into the header, as clients of proxies do.
 * @returns the stream and the header to send first.
 */
export function openObfuscated(
  framing: Exclude<FramingName, 'full'>,
  dc: number,
  random: { bytes(length: number): Uint8Array },
): ObfuscatedStream & { header: Uint8Array } {
  for (;;) {
    const header = Uint8Array.from(random.bytes(OBFUSCATED_HEADER));
    if (header[0] === ABRIDGED_TAG || FORBIDDEN_FIRST.has(readUint32(header)) || readUint32(header, 4) === 0) continue;
    writeUint32(header, TAG_OF_FRAMING.get(framing)!, TAG_AT);
    header[DC_AT] = dc;
    header[DC_AT + 1] = dc >> 8;
    const { fromClient, fromServer } = openStreams(header);
    header.set(fromClient.process(header).subarray(TAG_AT), TAG_AT);
    return { framing, dc, header, decrypt: fromServer, encrypt: fromClient };
  }
}
