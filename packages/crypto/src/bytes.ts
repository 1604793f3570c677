import { timingSafeEqual } from 'node:crypto';

/** A source of random bytes; `Random` of the runtime package implements it. */
export interface RandomBytes {
  /** Returns `length` new random bytes. */
  bytes(length: number): Uint8Array;
}

/**
 * Compares two byte strings in a time that depends only on their length. Strings of different length are unequal; lengths are never secret
 * in MTProto.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Concatenates byte strings into a new one. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * XORs two byte strings of the same length into a new one.
 * @throws RangeError when the lengths differ.
 */
export function xorBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length !== b.length) throw new RangeError(`cannot XOR ${a.length} with ${b.length} bytes`);
  const result = new Uint8Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = a[i]! ^ b[i]!;
  return result;
}

/** Reads 8 little-endian bytes at `offset` as a signed TL long. */
export function readLong(bytes: Uint8Array, offset = 0): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigInt64(offset, true);
}

/** Writes a TL long (signed or unsigned) as 8 little-endian bytes at `offset`. */
export function writeLong(bytes: Uint8Array, value: bigint, offset = 0): void {
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).setBigInt64(offset, BigInt.asIntN(64, value), true);
}

/**
 * Pads a big-endian number with leading zeros to `length` bytes; surplus leading zeros are removed.
 * @returns undefined when the number does not fit.
 */
export function padBigEndian(bytes: Uint8Array, length: number): Uint8Array | undefined {
  if (bytes.length === length) return bytes;
  if (bytes.length > length) {
    const extra = bytes.length - length;
    for (let i = 0; i < extra; i++) if (bytes[i] !== 0) return undefined;
    return bytes.subarray(extra);
  }
  const padded = new Uint8Array(length);
  padded.set(bytes, length - bytes.length);
  return padded;
}

/**
 * Compares two big-endian numbers of the same length: negative, 0 or positive. Not for secrets, because it stops at the first difference.
 */
export function compareBigEndian(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
