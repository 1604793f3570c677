import './buffer-methods.ts';
import { READERS } from './generated/readers.ts';
import { TlError, UnknownConstructor } from './tl-error.ts';

const VECTOR_ID = 0x1cb5c415;
const BOOL_TRUE = 0x997275b5 | 0;
const BOOL_FALSE = 0xbc799737 | 0;
/** Two int32 that share memory with {@link LONG}: the fastest way to a bigint on little-endian machines, the only ones supported. */
const HALVES = new Int32Array(2);
/** The int64 that {@link HALVES} are the halves of. */
const LONG = new BigInt64Array(HALVES.buffer);

/**
 * Ids of constructors that Telethon and GramJS send where another type stands in the schema, as in `inputMessageEntityMentionName`, and of those
 * that are meant. Both have the same fields.
 */
const STAND_INS: ReadonlyMap<number, number> = new Map([
  // inputPeerUser, inputUser
  [0xdde8a54c | 0, 0xf21158c6 | 0],
  // inputPeerSelf, inputUserSelf
  [0x7da07ec9 | 0, 0xf7c1b13f | 0],
  // inputPeerChannel, inputChannel
  [0x27bcbbfc | 0, 0xf35aec28 | 0],
]);

export interface ReaderEntry {
  /** Number of the boxed type (1: a method), compared with the type of the field. */
  readonly type: number;
  /** Reads the fields after the constructor id. */
  readonly read: (r: TlReader) => object;
}

/**
 * Signed constructor id → reader. The same functions serve every layer; layers differ in the table in which nested boxed values are looked
 * up.
 */
export type ReaderTable = ReadonlyMap<number, ReaderEntry>;

export const NEWEST_READERS: ReaderTable = new Map(READERS.flat());

/** Any constructor is accepted. */
export const ANY_TYPE = 0;
/** Only a method is accepted. */
export const METHOD_TYPE = 1;

/** Maximum nesting of boxed values. Rich texts are nested, but no correct client comes close to this. */
export const MAX_DEPTH = 64;
/** Maximum input in bytes; MTProto messages are much smaller. */
export const MAX_BYTES = 1 << 24;

export interface TlReaderOptions {
  /** The known constructors; by default those of the newest layer. */
  table?: ReaderTable;
  /** Maximum nesting of boxed values, {@link MAX_DEPTH} by default. */
  maxDepth?: number;
  /** Maximum input in bytes, {@link MAX_BYTES} by default. */
  maxBytes?: number;
}

/**
 * Reads TL values one after another. Every method throws {@link TlError} when the bytes are malformed, and allocates at most a small
 * multiple of the input's size. Byte strings are copied, so the input may be reused afterwards.
 */
export class TlReader {
  /** Next byte to read. */
  pos = 0;
  /** Offset after the last byte. */
  readonly end: number;
  readonly #bytes: Buffer;
  readonly #table: ReaderTable;
  readonly #maxDepth: number;
  #depth = 0;

  constructor(bytes: Uint8Array, options?: TlReaderOptions) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#table = options?.table ?? NEWEST_READERS;
    this.#maxDepth = options?.maxDepth ?? MAX_DEPTH;
    this.end = bytes.length;
    if (this.end > (options?.maxBytes ?? MAX_BYTES)) throw new TlError('too_large', `${this.end} bytes`);
  }

  /** Skips `n` bytes and returns their offset. */
  #take(n: number): number {
    const at = this.pos;
    if (n > this.end - at) throw new TlError('truncated');
    this.pos = at + n;
    return at;
  }

  int(): number {
    const at = this.#take(4);
    const b = this.#bytes;
    return b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24);
  }

  uint(): number {
    return this.int() >>> 0;
  }

  long(): bigint {
    HALVES[0] = this.int();
    HALVES[1] = this.int();
    return LONG[0]!;
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#take(8));
  }

  bool(): boolean {
    const id = this.int();
    if (id === BOOL_TRUE) return true;
    if (id === BOOL_FALSE) return false;
    throw new TlError('bad_bool');
  }

  int128(): Uint8Array {
    return this.raw(16);
  }

  int256(): Uint8Array {
    return this.raw(32);
  }

  /** Returns a copy of the next `n` bytes. */
  raw(n: number): Uint8Array {
    if (n < 0) throw new TlError('bad_length');
    const at = this.#take(n);
    return new Uint8Array(this.#bytes.subarray(at, at + n));
  }

  /** Returns a copy of all remaining bytes. */
  rest(): Uint8Array {
    return this.raw(this.end - this.pos);
  }

  /** Reads the length of a string, moves `pos` after its padding, and returns the offset of its bytes. */
  #stringStart(): number {
    const b = this.#bytes;
    const at = this.#take(4);
    const first = b[at]!;
    if (first < 254) {
      this.#length = first;
      this.pos = at;
      this.#take((first + 4) & ~3);
      return at + 1;
    }
    if (first === 255) throw new TlError('bad_length');
    const length = b[at + 1]! | (b[at + 2]! << 8) | (b[at + 3]! << 16);
    this.#length = length;
    this.#take((length + 3) & ~3);
    return at + 4;
  }

  /** Second result of `#stringStart`. */
  #length = 0;

  /** Reads a string; invalid UTF-8 becomes U+FFFD. */
  string(): string {
    const start = this.#stringStart();
    const length = this.#length;
    if (length === 0) return '';
    return this.#bytes.utf8Slice(start, start + length);
  }

  bytes(): Uint8Array {
    const start = this.#stringStart();
    return new Uint8Array(this.#bytes.subarray(start, start + this.#length));
  }

  /** Reads a boxed value; `type` is the number of the expected type in the generated tables. */
  boxed<T extends object>(type: number = ANY_TYPE): T {
    const id = this.int();
    const entry = this.#table.get(id);
    if (entry === undefined) throw new UnknownConstructor(id);
    if (type !== ANY_TYPE && entry.type !== type) return this.#standIn<T>(id, type);
    if (++this.#depth > this.#maxDepth) throw new TlError('too_deep');
    const value = entry.read(this);
    this.#depth--;
    return value as T;
  }

  /** Reads a value of another type than the field's, if that is one that clients send in its place. */
  #standIn<T extends object>(id: number, type: number): T {
    const entry = this.#table.get(STAND_INS.get(id) ?? 0);
    if (entry?.type !== type) throw new TlError('wrong_type', `#${(id >>> 0).toString(16)}`);
    return entry.read(this) as T;
  }

  /** Reads the id and length of a vector; the length is limited by the remaining bytes, at least 4 per item. */
  vectorHeader(): number {
    if (this.int() !== VECTOR_ID) throw new TlError('wrong_type', 'vector expected');
    return this.#vectorLength();
  }

  #vectorLength(): number {
    const n = this.int();
    if (n < 0 || n > (this.end - this.pos) >> 2) throw new TlError('vector_too_long');
    return n;
  }

  vector<T extends object>(type: number): T[] {
    return this.#boxedItems(this.vectorHeader(), type);
  }

  vectorBare<T extends object>(type: number): T[] {
    return this.#boxedItems(this.#vectorLength(), type);
  }

  #boxedItems<T extends object>(n: number, type: number): T[] {
    const items: T[] = [];
    for (let i = 0; i < n; i++) items.push(this.boxed<T>(type));
    return items;
  }

  vectorOf<T>(read: (r: TlReader) => T): T[] {
    return this.#items(this.vectorHeader(), read);
  }

  vectorOfBare<T>(read: (r: TlReader) => T): T[] {
    return this.#items(this.#vectorLength(), read);
  }

  #items<T>(n: number, read: (r: TlReader) => T): T[] {
    const items: T[] = [];
    for (let i = 0; i < n; i++) items.push(read(this));
    return items;
  }

  ints(): number[] {
    return this.vectorOf((r) => r.int());
  }

  longs(): bigint[] {
    return this.vectorOf((r) => r.long());
  }

  strings(): string[] {
    return this.vectorOf((r) => r.string());
  }

  /** Throws unless everything was read. */
  checkEnd(): void {
    if (this.pos !== this.end) throw new TlError('trailing_bytes', `${this.end - this.pos}`);
  }
}
