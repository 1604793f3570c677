import type { RandomBytes } from '@aerogram/crypto';
import { ABRIDGED, ABRIDGED_TAG } from './abridged.ts';
import { ChunkQueue } from './chunk-queue.ts';
import { DEFAULT_PACKET_LIMIT, errorBytes, type Framing, type FramingName, readUint32, type StreamDecoder, type StreamEncoder, type TransportEvent, type TransportPacket } from './framing.ts';
import { createFull } from './full.ts';
import { INTERMEDIATE, INTERMEDIATE_TAG, PADDED_TAG, PaddedFraming } from './intermediate.ts';
import { type CtrStream, freeBytes } from '@aerogram/crypto';
import { acceptObfuscated, OBFUSCATED_HEADER, type ObfuscatedStream } from './obfuscation.ts';
import { TransportError, type TransportErrorCode } from './transport-error.ts';

/** What the first bytes of a connection show. */
export type Sniffed =
  /** Too few bytes to decide. */
  | { kind: 'need-more' }
  /** An HTTP request (possibly a WebSocket upgrade): pass the socket to an HTTP server, starting with these bytes. */
  | { kind: 'http'; bytes: Uint8Array }
  /** A stream of packets. Push `rest` into the decoder first, then everything that follows. */
  | {
      kind: 'stream';
      framing: FramingName;
      obfuscated: boolean;
      /** DC bytes of an obfuscated header, often random: for logs only. */
      headerDc: number | undefined;
      decoder: StreamDecoder;
      encoder: StreamEncoder;
      rest: Uint8Array;
    };

/** Detects the transport of a connection. */
export interface TransportSniffer {
  /**
   * Takes the next bytes of a new connection or WebSocket. Must not be called again after a result other than `need-more`.
   * @throws TransportError when it is not a known transport.
   */
  push(chunk: Uint8Array): Sniffed;
}

/** Settings of a sniffer and the streams it opens. */
export interface SnifferOptions {
  /** Source of the padding in padded streams. */
  random: RandomBytes;
  /** Maximum length of a message, in bytes. */
  packetLimit?: number;
}

/** First words of HTTP requests that the port serves; little-endian. */
const HTTP_METHODS = new Set([0x54534f50 /* POST */, 0x20544547 /* GET */, 0x44414548 /* HEAD */, 0x4954504f /* OPTI(ONS) */]);

/** First bytes of a TLS client: a handshake record of version 3.1. */
const TLS_HELLO = 0x02010316;

function createFraming(name: FramingName, random: RandomBytes): Framing {
  switch (name) {
    case 'abridged':
      return ABRIDGED;
    case 'intermediate':
      return INTERMEDIATE;
    case 'padded':
      return new PaddedFraming(random);
    case 'full':
      return createFull();
  }
}

/** Classes, because every open connection has one of each: separate closures would cost a kilobyte per connection. */
class FramingDecoder implements StreamDecoder {
  readonly #queue = new ChunkQueue();
  readonly #framing: Framing;
  readonly #limit: number;
  readonly #stream: ObfuscatedStream | undefined;
  #failure: TransportError | undefined;

  constructor(framing: Framing, limit: number, stream: ObfuscatedStream | undefined) {
    this.#framing = framing;
    this.#limit = limit;
    this.#stream = stream;
  }

  push(chunk: Uint8Array): TransportEvent[] {
    if (this.#failure !== undefined) throw this.#failure;
    this.#queue.push(this.#stream === undefined ? chunk : pass(chunk, this.#stream.decrypt));
    const events: TransportEvent[] = [];
    try {
      for (let packet = this.#next(); packet !== undefined; packet = this.#next()) events.push(packet);
    } catch (error) {
      if (error instanceof TransportError) this.#failure = error;
      throw error;
    }
    return events;
  }

  #next(): TransportPacket | undefined {
    return this.#framing.next(this.#queue, this.#limit);
  }
}

class FramingEncoder implements StreamEncoder {
  readonly #framing: Framing;
  readonly #stream: ObfuscatedStream | undefined;

  constructor(framing: Framing, stream: ObfuscatedStream | undefined) {
    this.#framing = framing;
    this.#stream = stream;
  }

  packet(data: Uint8Array): Uint8Array {
    return this.#seal(this.#framing.packet(data));
  }

  quickAck(token: number): Uint8Array {
    return this.#seal(this.#framing.quickAck(token));
  }

  error(code: TransportErrorCode): Uint8Array {
    return this.packet(errorBytes(code));
  }

  #seal(bytes: Uint8Array): Uint8Array {
    return this.#stream === undefined ? bytes : pass(bytes, this.#stream.encrypt);
  }
}

/** Encrypts or decrypts the next bytes of a stream, which are not needed in their other form any more. */
function pass(bytes: Uint8Array, stream: CtrStream): Uint8Array {
  const passed = stream.process(bytes);
  freeBytes(bytes);
  return passed;
}

/**
 * Creates a sniffer for one connection. It needs at most 64 bytes; the caller decides how long to wait for them.
 * @see https://core.telegram.org/mtproto/mtproto-transports
 */
export function createSniffer(options: SnifferOptions): TransportSniffer {
  const { random, packetLimit = DEFAULT_PACKET_LIMIT } = options;
  const queue = new ChunkQueue();

  const open = (framing: FramingName, skip: number, stream?: ObfuscatedStream): Sniffed => {
    queue.skip(skip);
    const codec = createFraming(framing, random);
    return {
      kind: 'stream',
      framing,
      obfuscated: stream !== undefined,
      headerDc: stream?.dc,
      decoder: new FramingDecoder(codec, packetLimit, stream),
      encoder: new FramingEncoder(codec, stream),
      rest: queue.take(queue.length),
    };
  };

  return {
    push(chunk) {
      queue.push(chunk);
      const head = queue.peek(Math.min(queue.length, OBFUSCATED_HEADER));
      if (head.length < 1) return { kind: 'need-more' };
      if (head[0] === ABRIDGED_TAG) return open('abridged', 1);
      if (head.length < 4) return { kind: 'need-more' };
      const first = readUint32(head);
      if (HTTP_METHODS.has(first)) return { kind: 'http', bytes: queue.take(queue.length) };
      if (first === INTERMEDIATE_TAG) return open('intermediate', 4);
      if (first === PADDED_TAG) return open('padded', 4);
      if (first === TLS_HELLO) throw new TransportError('tls', 'a TLS client on the plain port');
      if (head.length < 8) return { kind: 'need-more' };
      // A full packet begins with its length and sequence number 0, which no obfuscated header may have there.
      if (readUint32(head, 4) === 0) return open('full', 0);
      if (head.length < OBFUSCATED_HEADER) return { kind: 'need-more' };
      const stream = acceptObfuscated(head);
      if (stream === undefined) throw new TransportError('unknown-transport', 'no known tag in the obfuscated header');
      return open(stream.framing, OBFUSCATED_HEADER, stream);
    },
  };
}
