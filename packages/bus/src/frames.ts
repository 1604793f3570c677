import type { Duplex } from 'node:stream';
import { HintWriter } from './hint-codec.ts';

/** Types of frames between two processes. */
export const FRAME = {
  /** The process starts or stops listening to these topics. */
  subscribe: 1,
  unsubscribe: 2,
  /** Hints, each with its topic. */
  hints: 3,
  /** Some hints were not sent because the buffer was full. */
  lost: 4,
  /** Property names that later hints refer to by number. */
  names: 5,
} as const;

const HEADER_BYTES = 5;
/** Bytes that may wait for the other end; further hints are dropped, and the other end is told. */
const MAX_UNSENT_BYTES = 32 * 1024 * 1024;

/**
 * One end of a pipe between two processes that carries frames. Everything sent in one turn of the event loop is written at once. A reader
 * that is too slow loses hints, but never subscriptions.
 */
export class FrameLink {
  readonly #pipe: Duplex;
  readonly #onFrame: (kind: number, body: Buffer) => void;
  #out: Buffer[] = [];
  #outBytes = 0;
  readonly #hints = new HintWriter();
  #lost = false;
  #closed = false;
  #rest: Buffer = Buffer.alloc(0);

  /** @param onFrame called with each frame; its body is only valid during the call */
  constructor(pipe: Duplex, onFrame: (kind: number, body: Buffer) => void, onClose: () => void) {
    this.#pipe = pipe;
    this.#onFrame = onFrame;
    pipe.on('data', (chunk: Buffer) => this.#take(chunk));
    pipe.on('drain', () => this.#tellOfLoss());
    pipe.on('end', () => pipe.end());
    pipe.on('error', () => pipe.destroy());
    pipe.once('close', () => {
      this.#closed = true;
      onClose();
    });
  }

  sendTopics(kind: number, topics: readonly string[]): void {
    if (topics.length > 0) this.#send(kind, bytesOf(topics));
  }

  /** @throws DataCloneError for a value that cannot be sent */
  sendHint(topic: string, hint: unknown): void {
    if (this.#closed) return;
    if (this.#lost || this.#pipe.writableLength + this.#outBytes + this.#hints.length > MAX_UNSENT_BYTES) {
      this.#lost = true;
      return;
    }
    this.#schedule();
    this.#hints.add(topic, hint);
  }

  sendLost(): void {
    this.#send(FRAME.lost, Buffer.alloc(0));
  }

  /**
   * Sends what is queued and ends the pipe.
   * @returns a promise that resolves when the operating system has taken it, or the pipe is closed
   */
  close(): Promise<void> {
    this.#flush();
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#pipe.once('close', resolve);
      this.#pipe.end(resolve);
    });
  }

  #send(kind: number, body: Buffer): void {
    if (this.#closed) return;
    // Subscriptions keep their position among the hints.
    this.#endHints();
    this.#schedule();
    this.#push(kind, body);
  }

  #push(kind: number, body: Buffer): void {
    const header = Buffer.allocUnsafe(HEADER_BYTES);
    header.writeUInt32LE(body.length, 0);
    header[4] = kind;
    this.#out.push(header, body);
    this.#outBytes += HEADER_BYTES + body.length;
  }

  #endHints(): void {
    if (this.#hints.length === 0) return;
    const { names, bytes } = this.#hints.take();
    if (names.length > 0) this.#push(FRAME.names, bytesOf(names));
    this.#push(FRAME.hints, bytes);
  }

  #schedule(): void {
    if (this.#out.length === 0 && this.#hints.length === 0) setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#endHints();
    const out = this.#out;
    this.#out = [];
    this.#outBytes = 0;
    if (out.length > 0 && !this.#closed) this.#pipe.write(out.length === 1 ? out[0] : Buffer.concat(out));
    if (this.#pipe.writableLength === 0) this.#tellOfLoss();
  }

  #tellOfLoss(): void {
    if (!this.#lost) return;
    this.#lost = false;
    this.sendLost();
  }

  #take(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (bytes.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + bytes.readUInt32LE(0);
      if (bytes.length < end) break;
      this.#onFrame(bytes[4]!, bytes.subarray(HEADER_BYTES, end));
      bytes = bytes.subarray(end);
    }
    this.#rest = bytes;
  }
}

/** Encodes topics or names as the body of a frame. */
function bytesOf(texts: readonly string[]): Buffer {
  return Buffer.from(texts.join('\n'));
}

/** Decodes topics or names from the body of a frame. */
export function readTexts(body: Buffer): string[] {
  return body.toString('utf8').split('\n');
}
