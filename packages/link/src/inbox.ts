import { type Frame, LinkFault } from './frames.ts';

/** Puts the pieces of long bodies together again, within bounds. */
export class Inbox {
  readonly #pieces = new Map<string, { parts: Uint8Array[]; bytes: number }>();
  readonly #maxBodyBytes: number;
  readonly #maxBytes: number;
  #bytes = 0;

  /** @param bounds the most bytes of one body, and of all that are not whole */
  constructor({ maxBodyBytes, maxBytes }: { maxBodyBytes: number; maxBytes: number }) {
    this.#maxBodyBytes = maxBodyBytes;
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes a frame.
   * @returns the whole body, once its last piece is there
   * @throws LinkFault beyond a bound
   */
  take({ kind, channel, body, isPart }: Frame): Uint8Array | undefined {
    if (this.#pieces.size === 0 && !isPart) return body;
    const key = `${kind}/${channel}`;
    const known = this.#pieces.get(key);
    if (!known && !isPart) return body;
    // Pieces are counted with what it costs to keep them, so that empty ones do not come for nothing.
    const held = known ?? { parts: [], bytes: 0 };
    held.parts.push(isPart ? Buffer.from(body) : body);
    held.bytes += body.length + 64;
    this.#bytes += body.length + 64;
    if (held.bytes > this.#maxBodyBytes + held.parts.length * 64 || held.parts.length > this.#maxBodyBytes / 1024) throw new LinkFault('a body is too long');
    if (this.#bytes > this.#maxBytes) throw new LinkFault('too many bodies at once');
    if (isPart) {
      this.#pieces.set(key, held);
      return undefined;
    }
    this.#pieces.delete(key);
    this.#bytes -= held.bytes;
    return Buffer.concat(held.parts);
  }
}
