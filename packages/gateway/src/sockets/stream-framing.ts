import {
  createSniffer, type FramingName, type SnifferOptions, type StreamDecoder, type StreamEncoder, TransportError, type TransportPacket, type TransportSniffer,
} from '@aerogram/mtproto';

/** Told which transport a stream uses. */
export interface FramingOwner {
  recognised(framing: FramingName): void;
  /** The client speaks HTTP. @returns whether the owner takes over the connection, which begins with these bytes */
  handOver(bytes: Uint8Array): boolean;
}

/** The framing of one stream: detects the transport from its first bytes, then decodes and encodes its packets. */
export class StreamFraming {
  #sniffer: TransportSniffer | undefined;
  #decoder: StreamDecoder | undefined;
  /** Undefined until the transport is known. */
  encoder: StreamEncoder | undefined;

  constructor(options: SnifferOptions) {
    this.#sniffer = createSniffer(options);
  }

  /** Decodes received bytes. @returns the packets that are complete @throws TransportError when the framing is broken */
  decode(chunk: Uint8Array, owner: FramingOwner): TransportPacket[] {
    if (this.#decoder) return this.#decoder.push(chunk);
    const sniffed = this.#sniffer!.push(chunk);
    if (sniffed.kind === 'need-more') return [];
    if (sniffed.kind === 'http') {
      if (!owner.handOver(sniffed.bytes)) throw new TransportError('unknown-transport', 'HTTP inside a WebSocket');
      return [];
    }
    this.#sniffer = undefined;
    this.#decoder = sniffed.decoder;
    this.encoder = sniffed.encoder;
    owner.recognised(sniffed.framing);
    return sniffed.rest.length > 0 ? this.#decoder.push(sniffed.rest) : [];
  }
}
