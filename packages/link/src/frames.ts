/** Kinds of frames. A frame is the length of its body (4 bytes), its kind (1), a channel (4: also the id of a call), and the body. */
export const FRAME = {
  /** The first frame of each end: JSON, see bodies.ts. */
  greeting: 1,
  /** Says that the sender is there. */
  beat: 2,
  /** A request: see bodies.ts. */
  call: 3,
  /** What came of a call. */
  answer: 4,
  /** Why nothing came of a call: one of REFUSALS (1 byte), and words. */
  refusal: 5,
  /** What needs no answer: as a call. */
  tell: 6,
  /** Of a channel: what it is about (1 byte, see channel.ts), and what belongs to it. */
  channel: 7,
} as const;

const KNOWN: ReadonlySet<number> = new Set(Object.values(FRAME));

/** The bytes before each body. */
export const HEADER_BYTES = 9;

/** The most bytes of one body. What is longer is sent in pieces, so that it holds up nobody. */
export const MAX_PIECE_BYTES = 64 * 1024;

/** A bit of the kind: another piece of the same kind and channel follows. */
const MORE = 0x80;

/** One frame, without its length. */
export interface Frame {
  kind: number;
  channel: number;
  body: Uint8Array;
  /** Whether it is a piece that another one follows. */
  isPart: boolean;
}

/** The other end does not keep to the protocol; the link has to end. */
export class LinkFault extends Error {}

/** Writes the header of a frame whose body follows. */
export function writeHeader({ kind, channel, body, isPart }: Frame): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32BE(body.length, 0);
  header[4] = isPart ? kind | MORE : kind;
  header.writeUInt32BE(channel, 5);
  return header;
}

/** Cuts a stream of bytes into frames. Keeps one frame at most. */
export class FrameReader {
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  #body: Buffer | undefined;
  #bodyBytes = 0;

  /**
   * Takes the next bytes.
   * @returns the frames that they complete; a body may be a view of `chunk`
   * @throws LinkFault for a length that is too long, which is known after 4 bytes, or for an unknown kind; nothing more may be read then
   */
  *read(chunk: Buffer): Generator<Frame> {
    let at = 0;
    for (;;) {
      if (this.#headerBytes < HEADER_BYTES) {
        const taken = Math.min(HEADER_BYTES - this.#headerBytes, chunk.length - at);
        chunk.copy(this.#header, this.#headerBytes, at, at + taken);
        this.#headerBytes += taken;
        at += taken;
        this.#check();
        if (this.#headerBytes < HEADER_BYTES) return;
      }
      const length = this.#header.readUInt32BE(0);
      if (this.#body === undefined && chunk.length - at >= length) {
        yield this.#frame(chunk.subarray(at, at + length));
        at += length;
        continue;
      }
      this.#body ??= Buffer.allocUnsafe(length);
      const taken = Math.min(length - this.#bodyBytes, chunk.length - at);
      chunk.copy(this.#body, this.#bodyBytes, at, at + taken);
      this.#bodyBytes += taken;
      at += taken;
      if (this.#bodyBytes < length) return;
      yield this.#frame(this.#body);
    }
  }

  #check(): void {
    if (this.#headerBytes >= 4 && this.#header.readUInt32BE(0) > MAX_PIECE_BYTES) throw new LinkFault('a frame is too long');
    if (this.#headerBytes >= 5 && !KNOWN.has(this.#header[4]! & ~MORE)) throw new LinkFault('a frame of an unknown kind');
  }

  #frame(body: Uint8Array): Frame {
    const kind = this.#header[4]!;
    this.#headerBytes = 0;
    this.#body = undefined;
    this.#bodyBytes = 0;
    return { kind: kind & ~MORE, channel: this.#header.readUInt32BE(5), body, isPart: (kind & MORE) !== 0 };
  }
}
