const FIRST_SIZE = 64 * 1024;
/** A larger buffer is dropped after use. */
const KEPT_SIZE = 1024 * 1024;

/** Builds messages to the database in one reusable buffer. */
export class WireWriter {
  #buffer = Buffer.allocUnsafeSlow(FIRST_SIZE);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#room(1);
    this.#view.setUint8(this.#length, value);
    this.#length += 1;
  }

  int16(value: number): void {
    this.#room(2);
    this.#view.setInt16(this.#length, value);
    this.#length += 2;
  }

  int32(value: number): void {
    this.#room(4);
    this.#view.setInt32(this.#length, value);
    this.#length += 4;
  }

  int64(value: bigint): void {
    this.#room(8);
    this.#view.setBigInt64(this.#length, value);
    this.#length += 8;
  }

  bytes(value: Uint8Array): void {
    this.#room(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** Writes a string with a terminating zero byte. */
  cString(value: string): void {
    this.#text(value);
    this.byte(0);
  }

  /** Writes a string with its length in bytes as a prefix. */
  prefixedText(value: string): void {
    const at = this.reserve(4);
    this.#text(value);
    this.int32At(at, this.#length - at - 4);
  }

  /** Leaves `count` bytes for a number that is known later. @returns their offset */
  reserve(count: number): number {
    this.#room(count);
    const at = this.#length;
    this.#length += count;
    return at;
  }

  int32At(at: number, value: number): void {
    this.#view.setInt32(at, value);
  }

  /** Returns a copy of the written bytes and clears the buffer. */
  take(): Buffer {
    const taken = Buffer.from(this.#buffer.subarray(0, this.#length));
    this.clear();
    return taken;
  }

  /** Discards the written bytes. */
  clear(): void {
    this.#length = 0;
    if (this.#buffer.length > KEPT_SIZE) this.#grow(FIRST_SIZE);
  }

  #text(value: string): void {
    // UTF-8 needs at most 3 bytes per UTF-16 code unit.
    this.#room(value.length * 3);
    this.#length += this.#buffer.write(value, this.#length);
  }

  #room(count: number): void {
    const wanted = this.#length + count;
    if (wanted > this.#buffer.length) this.#grow(Math.max(wanted, this.#buffer.length * 2));
  }

  #grow(size: number): void {
    const grown = Buffer.allocUnsafeSlow(size);
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
    this.#view = new DataView(grown.buffer);
  }
}
