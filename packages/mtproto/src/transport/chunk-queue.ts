/** Chunks below this size are gathered while others wait before them. */
const SMALL_CHUNK = 1_024;
const GATHER_SIZE = 8_192;

/**
 * Bytes that came in pieces, taken out in pieces of other sizes. Nothing is copied but what spans two chunks, and that
 * only once it is complete; so a packet that trickles in costs no more than one that comes at once.
 */
export class ChunkQueue {
  #chunks: Uint8Array[] = [];
  /** Chunks before this one are used up. */
  #first = 0;
  /** Bytes of the first chunk that are used up. */
  #offset = 0;
  #length = 0;
  /** Our own buffer, at the end of which small chunks are gathered; the last chunk is a view of its used part. */
  #gather: { buffer: Uint8Array; used: number } | undefined;

  /** How many bytes are there. */
  get length(): number {
    return this.#length;
  }

  /** Adds bytes at the end. The queue keeps the array itself: it must not change any more. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    if (this.#length > 0 && chunk.length < SMALL_CHUNK) this.#append(chunk);
    else this.#add(chunk);
    this.#length += chunk.length;
  }

  #add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#gather = undefined;
  }

  /** Copies a small chunk behind the one before: a packet that comes byte by byte must not cost an object a byte. */
  #append(chunk: Uint8Array): void {
    const gather = this.#gather;
    if (gather === undefined || gather.used + chunk.length > gather.buffer.length) {
      const buffer = new Uint8Array(GATHER_SIZE);
      buffer.set(chunk);
      this.#add(buffer.subarray(0, chunk.length));
      this.#gather = { buffer, used: chunk.length };
      return;
    }
    // What was handed out before lies in front of `used`, so views of this buffer stay as they are.
    const from = gather.used - this.#chunks[this.#chunks.length - 1]!.length;
    gather.buffer.set(chunk, gather.used);
    gather.used += chunk.length;
    this.#chunks[this.#chunks.length - 1] = gather.buffer.subarray(from, gather.used);
  }

  /**
   * Shows the next `count` bytes without taking them.
   * @param count at most `length`.
   */
  peek(count: number): Uint8Array {
    const first = this.#chunks[this.#first];
    if (first === undefined) return new Uint8Array(0);
    if (first.length - this.#offset >= count) return first.subarray(this.#offset, this.#offset + count);
    const joined = new Uint8Array(count);
    let filled = 0;
    for (let i = this.#first, from = this.#offset; filled < count && i < this.#chunks.length; i++, from = 0) {
      const part = this.#chunks[i]!.subarray(from, from + count - filled);
      joined.set(part, filled);
      filled += part.length;
    }
    return joined;
  }

  /** Takes the next `count` bytes out: a view of the chunk that holds them all, else a copy. */
  take(count: number): Uint8Array {
    const taken = this.peek(count);
    this.skip(count);
    return taken;
  }

  /** Drops the next `count` bytes. */
  skip(count: number): void {
    this.#length -= count;
    let left = count;
    while (left > 0) {
      const rest = this.#chunks[this.#first]!.length - this.#offset;
      if (left < rest) {
        this.#offset += left;
        return;
      }
      left -= rest;
      this.#offset = 0;
      this.#first++;
      // Used chunks are dropped in bulk: one shift a chunk would make many small chunks quadratic.
      if (this.#first >= 64 || this.#first === this.#chunks.length) {
        this.#chunks.splice(0, this.#first);
        this.#first = 0;
        if (this.#chunks.length === 0) this.#gather = undefined;
      }
    }
  }
}
