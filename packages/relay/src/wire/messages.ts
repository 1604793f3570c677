/** What the messages of a stream of frames, and of hints, are. Each is the length of the rest (u32), its kind (u8) and its body; numbers are big-endian. */
export const MESSAGE = {
  /** The receiver, first: how far it has come, and what it knows of its own former streams. */
  hello: 1,
  /** The sender: frames that follow each other. */
  frames: 2,
  /** The sender: frames that the receiver had sent in a former epoch and has lost. */
  returned: 3,
  /** The sender: the frames up to a number are lost. */
  skip: 4,
  /** The receiver: how many messages of the stream it has processed, and the number of the last frame that it has applied. */
  ack: 5,
  /** A hint: a name and a body. */
  hint: 6,
} as const;

/** What a message takes besides its body, in bytes, so that empty ones count too: both ends reckon with it. */
export const MESSAGE_BYTES = 64;

/** A message that was read. */
export interface Message {
  kind: number;
  body: Buffer;
}

/** Bytes that break the rules of the link: it ends. */
export class RelayFault extends Error {
  override readonly name = 'RelayFault';
}

const HEAD_BYTES = 5;
/** The greatest message: a batch of frames with one that is as great as a frame may be. */
const MAX_BODY = 2 * 1024 * 1024;

/** Writes a message. */
export function writeMessage(kind: number, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const message = Buffer.allocUnsafe(HEAD_BYTES + length);
  message.writeUInt32BE(length + 1, 0);
  message.writeUInt8(kind, 4);
  let at = HEAD_BYTES;
  for (const part of parts) {
    message.set(part, at);
    at += part.length;
  }
  return message;
}

/** Reads messages out of a stream of bytes. */
export class MessageReader {
  readonly #maxBody: number;
  #chunks: Buffer[] = [];
  #length = 0;

  /** @param maxBody the longest body that is allowed, in bytes */
  constructor(maxBody: number = MAX_BODY) {
    this.#maxBody = maxBody;
  }

  /** Takes bytes. @returns the messages that they complete @throws RelayFault */
  read(chunk: Buffer): Message[] {
    if (chunk.length > 0) this.#chunks.push(chunk);
    this.#length += chunk.length;
    const messages: Message[] = [];
    for (;;) {
      if (this.#length < HEAD_BYTES) return messages;
      const head = this.#peek(HEAD_BYTES);
      const length = head.readUInt32BE(0) - 1;
      if (length < 0 || length > this.#maxBody) throw new RelayFault(`a message of ${length} bytes`);
      if (this.#length < HEAD_BYTES + length) return messages;
      const all = this.#peek(this.#length);
      messages.push({ kind: all.readUInt8(4), body: all.subarray(HEAD_BYTES, HEAD_BYTES + length) });
      this.#length -= HEAD_BYTES + length;
      this.#chunks = this.#length > 0 ? [all.subarray(HEAD_BYTES + length)] : [];
    }
  }

  /** The first bytes in one piece. Pieces are joined only when a message is complete, so that a long one is not copied again and again. */
  #peek(length: number): Buffer {
    const first = this.#chunks[0]!;
    if (first.length >= length) return first;
    // Not all chunks: each has at least one byte, so the first `length` bytes are in the first `length` + 1 chunks.
    if (length < this.#length) return Buffer.concat(this.#chunks.slice(0, length + 1), length);
    this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!;
  }
}
