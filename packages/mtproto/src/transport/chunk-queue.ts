import { freeBytes } from '@aerogram/crypto';

/** Smaller chunks are merged while others wait before them. */
const SMALL_CHUNK = 1_024;

const GATHER_SIZE = 8_192;

/**
 * Bytes received in chunks and taken out in pieces of other sizes. Only pieces that span two chunks are copied, and only once they are
 * complete, so a packet that arrives slowly costs no more than one that arrives at once.
 */
export class ChunkQueue {
  /** There is usually only one chunk, so the array for the others is created when needed. */
  #first: Uint8Array | undefined;
  /** The chunks after the first one, starting at `#next`; earlier ones are used up. */
  #others: Uint8Array[] | undefined;
  #next = 0;
  /** Bytes of the first chunk that are used up. */
  #offset = 0;
  /** Somebody has a view of the first chunk. */
  #isShared = false;
  #length = 0;
  /** Our own buffer, at whose end small chunks are merged; the last chunk is a view of its used part. */
  #gather: { buffer: Uint8Array; used: number } | undefined;

  /** Number of available bytes. */
  get length(): number {
    return this.#length;
  }

  /** Adds bytes at the end. The queue keeps the array itself, and may free it when it is used up, so nobody else may use it afterwards. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    if (this.#length > 0 && chunk.length < SMALL_CHUNK) this.#append(chunk);
    else this.#add(chunk);
    this.#length += chunk.length;
  }

  #add(chunk: Uint8Array): void {
    if (this.#first === undefined) this.#first = chunk;
    else (this.#others ??= []).push(chunk);
    this.#gather = undefined;
  }

  /** Appends a small chunk to the previous one: a packet that arrives byte by byte must not cost an object per byte. */
  #append(chunk: Uint8Array): void {
    const gather = this.#gather;
    if (gather === undefined || gather.used + chunk.length > gather.buffer.length) {
      const buffer = new Uint8Array(GATHER_SIZE);
      buffer.set(chunk);
      this.#add(buffer.subarray(0, chunk.length));
      this.#gather = { buffer, used: chunk.length };
      return;
    }
    // Bytes handed out before are in front of `used`, so views of this buffer do not change.
    const last = this.#others?.at(-1) ?? this.#first!;
    gather.buffer.set(chunk, gather.used);
    const longer = gather.buffer.subarray(gather.used - last.length, gather.used + chunk.length);
    gather.used += chunk.length;
    if (this.#others) this.#others[this.#others.length - 1] = longer;
    else this.#first = longer;
  }

  /**
   * Returns the next `count` bytes without removing them; they are valid only until something is removed.
   * @param count at most `length`.
   */
  peek(count: number): Uint8Array {
    const first = this.#first;
    if (first === undefined) return new Uint8Array(0);
    if (first.length - this.#offset >= count) return first.subarray(this.#offset, this.#offset + count);
    const joined = new Uint8Array(count);
    joined.set(first.subarray(this.#offset));
    let filled = first.length - this.#offset;
    for (let i = this.#next; filled < count && i < (this.#others?.length ?? 0); i++) {
      const part = this.#others![i]!.subarray(0, count - filled);
      joined.set(part, filled);
      filled += part.length;
    }
    return joined;
  }

  /** Removes and returns the next `count` bytes: a view of the chunk that contains them all, otherwise a copy. */
  take(count: number): Uint8Array {
    const taken = this.peek(count);
    if (taken.buffer === this.#first?.buffer) this.#isShared = true;
    this.skip(count);
    return taken;
  }

  /** Drops the next `count` bytes. */
  skip(count: number): void {
    this.#length -= count;
    let left = count;
    while (left > 0) {
      const rest = this.#first!.length - this.#offset;
      if (left < rest) {
        this.#offset += left;
        return;
      }
      left -= rest;
      this.#offset = 0;
      this.#dropFirst();
    }
  }

  #dropFirst(): void {
    const others = this.#others;
    if (this.#first && !this.#isShared) freeBytes(this.#first);
    this.#isShared = false;
    this.#first = others?.[this.#next++];
    if (others === undefined || this.#first === undefined) {
      this.#first = undefined;
      this.#others = undefined;
      this.#next = 0;
      this.#gather = undefined;
    } else if (this.#next === others.length) {
      // The merged bytes continue at the end of the first chunk.
      this.#others = undefined;
      this.#next = 0;
    } else if (this.#next >= 64) {
      // Used chunks are removed in bulk: one shift per chunk would take quadratic time for many small chunks.
      others.splice(0, this.#next);
      this.#next = 0;
    }
  }
}
