import type { RandomBytes } from '@aerogram/crypto';
import { ABRIDGED_TAG, encodeAbridged } from './abridged.ts';
import { ChunkQueue } from './chunk-queue.ts';
import { type FramingName, readUint32, writeUint32 } from './framing.ts';
import { encodeFull, takeFull } from './full.ts';
import { encodeIntermediate, INTERMEDIATE_TAG, PADDED_TAG } from './intermediate.ts';
import { openObfuscated } from './obfuscation.ts';
import { TransportError } from './transport-error.ts';

/** What a server sends to a client. */
export type ServerEvent =
  | { type: 'packet'; data: Uint8Array }
  | { type: 'quick-ack'; token: number }
  /** A transport error; negative. */
  | { type: 'error'; code: number };

/** The client's end of a stream, for tests and load generators. */
export interface ClientStream {
  /** Must be sent before anything else. */
  header: Uint8Array;
  /** Frames a message; `quickAck` asks for a quick acknowledgement (not with full framing). */
  packet(data: Uint8Array, quickAck?: boolean): Uint8Array;
  /** Decodes received bytes. @throws TransportError when the server breaks the framing. */
  push(chunk: Uint8Array): ServerEvent[];
}

/** The kind of stream that a client opens. */
export interface ClientStreamOptions {
  framing: FramingName;
  /** Obfuscated2; not with full framing. */
  obfuscated?: boolean;
  /** DC bytes for the obfuscated header. */
  dc?: number;
  random: RandomBytes;
}

const QUICK_ACK = 0x80000000;
const NOTHING = new Uint8Array(0);

/** A message, or the four bytes of an error in its place. */
function messageOrError(data: Uint8Array): ServerEvent {
  return data.length >= 4 && data.length < 20 ? { type: 'error', code: readUint32(data) | 0 } : { type: 'packet', data };
}

function nextAbridged(queue: ChunkQueue): ServerEvent | undefined {
  if (queue.length < 4) return undefined;
  const head = queue.peek(4);
  if (head[0]! >= 0x80) {
    const token = new DataView(Uint8Array.from(head).buffer).getUint32(0);
    queue.skip(4);
    return { type: 'quick-ack', token };
  }
  const isLong = head[0] === 0x7f;
  const length = 4 * (isLong ? readUint32(head) >>> 8 : head[0]!);
  const start = isLong ? 4 : 1;
  if (queue.length < start + length) return undefined;
  queue.skip(start);
  return messageOrError(queue.take(length));
}

function nextIntermediate(queue: ChunkQueue, padded: boolean): ServerEvent | undefined {
  if (queue.length < 4) return undefined;
  const head = readUint32(queue.peek(4));
  if (!padded && head >= QUICK_ACK) {
    queue.skip(4);
    return { type: 'quick-ack', token: head };
  }
  if (queue.length < 4 + head) return undefined;
  queue.skip(4);
  const data = queue.take(head);
  if (padded && head >= 8 && head <= 16 && readUint32(data) === 0xffffffff) return { type: 'quick-ack', token: readUint32(data, 4) };
  // The server pads with less than a word.
  return messageOrError(data.subarray(0, head - (head % 4)));
}

/**
 * Opens a stream as a client does.
 * @throws RangeError for obfuscated full framing, which does not exist.
 */
export function createClientStream(options: ClientStreamOptions): ClientStream {
  const { framing, obfuscated = false, dc = 2, random } = options;
  if (obfuscated && framing === 'full') throw new RangeError('there is no obfuscated full transport');
  const stream = obfuscated && framing !== 'full' ? openObfuscated(framing, dc, random) : undefined;
  const queue = new ChunkQueue();
  let sent = 0;
  let received = 0;

  const plainHeader = (): Uint8Array => {
    if (framing === 'full') return NOTHING;
    if (framing === 'abridged') return Uint8Array.of(ABRIDGED_TAG);
    const tag = new Uint8Array(4);
    writeUint32(tag, framing === 'padded' ? PADDED_TAG : INTERMEDIATE_TAG);
    return tag;
  };
  const frame = (data: Uint8Array, quickAck: boolean): Uint8Array => {
    if (framing === 'full') return encodeFull(data, sent++);
    if (framing === 'abridged') return encodeAbridged(data, quickAck);
    return encodeIntermediate(data, framing === 'padded' ? random.bytes(random.bytes(1)[0]! & 15) : NOTHING, quickAck);
  };
  const next = (): ServerEvent | undefined => {
    if (framing === 'abridged') return nextAbridged(queue);
    if (framing !== 'full') return nextIntermediate(queue, framing === 'padded');
    const data = takeFull(queue, received, (length) => {
      if (length < 4) throw new TransportError('packet-too-small', `${length} bytes`);
    });
    if (data === undefined) return undefined;
    received++;
    return messageOrError(data);
  };

  return {
    header: stream?.header ?? plainHeader(),
    packet(data, quickAck = false) {
      const framed = frame(data, quickAck);
      return stream?.encrypt.process(framed) ?? framed;
    },
    push(chunk) {
      queue.push(stream?.decrypt.process(chunk) ?? chunk);
      const events: ServerEvent[] = [];
      for (let event = next(); event !== undefined; event = next()) events.push(event);
      return events;
    },
  };
}
