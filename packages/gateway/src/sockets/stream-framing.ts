import {
  createSniffer, type FramingName, type StreamDecoder, type StreamEncoder, TransportError, type TransportPacket, type TransportSniffer,
} from '@aerogram/mtproto';
import type { Random } from '@aerogram/runtime';

/** Told what a stream turned out to be. */
export interface FramingOwner {
  recognised(framing: FramingName): void;
  /** The client speaks HTTP. @returns whether somebody takes the connection over, beginning with these bytes */
  handOver(bytes: Uint8Array): boolean;
}

/** The transport of one stream: found out by its first bytes, then what takes packets apart and puts them together. */
export class StreamFraming {
  #sniffer: TransportSniffer | undefined;
  #decoder: StreamDecoder | undefined;
  /** Absent until the transport is known. */
  encoder: StreamEncoder | undefined;

  constructor(random: Random) {
    this.#sniffer = createSniffer({ random });
  }

  /** Takes bytes in. @returns the packets that are whole @throws TransportError when they break the framing */
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
