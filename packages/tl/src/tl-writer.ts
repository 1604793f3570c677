import './buffer-methods.ts';
import { WRITERS } from './generated/writers.ts';
import { NOT_REPRESENTABLE, NotRepresentable, TlError } from './tl-error.ts';

const VECTOR_ID = 0x1cb5c415;
const BOOL_TRUE = 0x997275b5 | 0;
const BOOL_FALSE = 0xbc799737 | 0;
const FIRST_SIZE = 1 << 12;
/** A buffer larger than this is not kept for the next object. The longest part of a file, one mebibyte, still is. */
const KEPT_SIZE = 1 << 21;
/** Maximum output in bytes. */
const MAX_SIZE = 1 << 26;
/** Strings up to this length are first tried as ASCII in a loop; longer ones go to the engine's encoder. */
const SHORT_TEXT = 40;

const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 64n - 1n;

/** A DataView writes 64-bit values ten times faster than the methods of Buffer. */
function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

export interface WriterEntry {
  /** Constructor id, signed; written before the fields. */
  readonly id: number;
  /** Writes the fields. The parameter is `never` because each function only accepts its own constructor. */
  readonly write: (w: TlWriter, o: never) => void;
}

/** Constructor or method name → writer; one table per layer, like `ReaderTable`. */
export type WriterTable = ReadonlyMap<string, WriterEntry>;

export const NEWEST_WRITERS: WriterTable = new Map(WRITERS.flat());

export interface TlWriterOptions {
  /** The writer of each constructor; by default those of the newest layer. */
  table?: WriterTable;
  /** The writers may refuse objects ({@link NotRepresentable}), which vectors and optional fields then leave out. */
  lossy?: boolean;
}

/**
 * Writes TL values into one growing, reused buffer. Throws {@link TlError} for values that have no TL form. Not reentrant. A failed write
 * leaves garbage behind, so call `reset` before the next one.
 */
export class TlWriter {
  /** Number of bytes written. */
  pos = 0;
  #buffer: Buffer = Buffer.allocUnsafeSlow(FIRST_SIZE);
  #view = viewOf(this.#buffer);
  readonly #table: WriterTable;
  readonly #lossy: boolean;

  constructor(options?: TlWriterOptions) {
    this.#table = options?.table ?? NEWEST_WRITERS;
    this.#lossy = options?.lossy ?? false;
  }

  /** Discards what was written, and frees an unusually large buffer. */
  reset(): void {
    this.pos = 0;
    if (this.#buffer.length > KEPT_SIZE) this.#use(Buffer.allocUnsafeSlow(FIRST_SIZE));
  }

  /** Returns a copy of what was written and starts from the beginning. */
  take(): Uint8Array {
    const out = Buffer.allocUnsafe(this.pos);
    this.#buffer.copy(out, 0, 0, this.pos);
    this.reset();
    return out;
  }

  /** Makes room for `n` bytes and returns their offset. */
  #reserve(n: number): number {
    const at = this.pos;
    const end = at + n;
    if (end > this.#buffer.length) this.#grow(end);
    this.pos = end;
    return at;
  }

  #grow(wanted: number): void {
    if (wanted > MAX_SIZE) throw new TlError('too_large', `${wanted} bytes`);
    let size = this.#buffer.length;
    while (size < wanted) size *= 2;
    const larger = Buffer.allocUnsafeSlow(size);
    this.#buffer.copy(larger);
    this.#use(larger);
  }

  #use(buffer: Buffer): void {
    this.#buffer = buffer;
    this.#view = viewOf(buffer);
  }

  /** Writes 32 bits; accepts signed and unsigned values. */
  int(value: number): void {
    if ((value | 0) !== value && value >>> 0 !== value) throw new TlError('bad_value', `int ${value}`);
    this.#putInt(this.#reserve(4), value);
  }

  #putInt(at: number, value: number): void {
    const b = this.#buffer;
    b[at] = value;
    b[at + 1] = value >> 8;
    b[at + 2] = value >> 16;
    b[at + 3] = value >> 24;
  }

  /** Writes 64 bits; accepts signed and unsigned values. */
  long(value: bigint): void {
    const at = this.#reserve(8);
    if (value > MAX_LONG || value < MIN_LONG) throw new TlError('bad_value', `long ${value}`);
    this.#view.setBigInt64(at, value, true);
  }

  double(value: number): void {
    // Called first, because it may replace the view.
    const at = this.#reserve(8);
    this.#view.setFloat64(at, value, true);
  }

  bool(value: boolean): void {
    this.int(value ? BOOL_TRUE : BOOL_FALSE);
  }

  int128(value: Uint8Array): void {
    if (value.length !== 16) throw new TlError('bad_length', 'int128');
    this.raw(value);
  }

  int256(value: Uint8Array): void {
    if (value.length !== 32) throw new TlError('bad_length', 'int256');
    this.raw(value);
  }

  /** Writes bytes without a length. */
  raw(value: Uint8Array): void {
    const at = this.#reserve(value.length);
    this.#buffer.set(value, at);
  }

  string(value: string): void {
    const length = value.length;
    if (length <= SHORT_TEXT && this.#shortAscii(value, length)) return;
    const start = this.pos;
    // Room for the worst case: 4 bytes of length, 3 bytes per UTF-16 unit, padding.
    this.#reserve(length * 3 + 8);
    const head = length * 3 < 254 ? 1 : 4;
    const written = this.#buffer.utf8Write(value, start + head, length * 3);
    this.#finishString(start, head, written);
  }

  /** Writes the string if it is ASCII; otherwise writes nothing and returns false. */
  #shortAscii(value: string, length: number): boolean {
    const start = this.pos;
    const size = (length + 4) & ~3;
    this.#reserve(size);
    const b = this.#buffer;
    b[start] = length;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) {
        this.pos = start;
        return false;
      }
      b[start + 1 + i] = code;
    }
    for (let i = start + 1 + length; i < start + size; i++) b[i] = 0;
    return true;
  }

  bytes(value: Uint8Array): void {
    const start = this.pos;
    const head = value.length < 254 ? 1 : 4;
    this.#reserve(value.length + 8);
    this.#buffer.set(value, start + head);
    this.#finishString(start, head, value.length);
  }

  /**
   * Writes the length before the string and the padding after it. `head` is the space left for the length; the string is moved if that was
   * wrong.
   */
  #finishString(start: number, head: number, length: number): void {
    const b = this.#buffer;
    if (length > 0xffffff) throw new TlError('too_large', `string of ${length} bytes`);
    let at = head;
    if (length < 254) {
      if (head === 4) b.copyWithin(start + 1, start + 4, start + 4 + length);
      b[start] = length;
      at = 1;
    } else {
      b[start] = 254;
      b[start + 1] = length;
      b[start + 2] = length >> 8;
      b[start + 3] = length >> 16;
    }
    let end = start + at + length;
    while ((end - start) & 3) b[end++] = 0;
    this.pos = end;
  }

  /** Writes a constructor or method with its id in this writer's layer. */
  boxed(value: { readonly _: string }): void {
    const entry = this.#table.get(value._);
    if (entry === undefined) throw this.#lossy ? NOT_REPRESENTABLE : new TlError('unknown_constructor', value._);
    this.#putInt(this.#reserve(4), entry.id);
    entry.write(this, value as never);
  }

  /** For writers of an older layer: writes another object in place of the one whose id was just written. */
  instead(value: { readonly _: string }): void {
    this.pos -= 4;
    this.boxed(value);
  }

  /** Writes an optional field; if the layer cannot express it, clears its bit in the flags at `flagsAt`. */
  optional(value: { readonly _: string }, flagsAt: number, bit: number): void {
    if (!this.#lossy) this.boxed(value);
    else if (!this.attempt(value)) this.#putInt(flagsAt, this.#buffer.readInt32LE(flagsAt) & ~bit);
  }

  /** Writes the object; if the layer cannot express it, writes nothing and returns false. */
  attempt(value: { readonly _: string }): boolean {
    const start = this.pos;
    try {
      this.boxed(value);
      return true;
    } catch (error) {
      if (!(error instanceof NotRepresentable)) throw error;
      this.pos = start;
      return false;
    }
  }

  vectorHeader(length: number): void {
    const at = this.#reserve(8);
    this.#putInt(at, VECTOR_ID);
    this.#putInt(at + 4, length);
  }

  vector(items: readonly { readonly _: string }[]): void {
    this.#putInt(this.#reserve(4), VECTOR_ID);
    this.vectorBare(items);
  }

  vectorBare(items: readonly { readonly _: string }[]): void {
    const countAt = this.#reserve(4);
    let count = items.length;
    if (!this.#lossy) for (let i = 0; i < count; i++) this.boxed(items[i]!);
    else {
      count = 0;
      for (const item of items) if (this.attempt(item)) count++;
    }
    this.#putInt(countAt, count);
  }

  vectorOf<T>(items: readonly T[], write: (item: T) => void): void {
    this.vectorHeader(items.length);
    for (const item of items) write(item);
  }

  vectorOfBare<T>(items: readonly T[], write: (item: T) => void): void {
    this.int(items.length);
    for (const item of items) write(item);
  }

  ints(items: readonly number[]): void {
    this.vectorHeader(items.length);
    for (const item of items) this.int(item);
  }

  longs(items: readonly bigint[]): void {
    this.vectorHeader(items.length);
    for (const item of items) this.long(item);
  }

  strings(items: readonly string[]): void {
    this.vectorHeader(items.length);
    for (const item of items) this.string(item);
  }
}
