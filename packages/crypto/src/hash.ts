import { createHash, hash } from 'node:crypto';
import { digestAt, inputAt, memory, wasm } from './wasm.ts';

// A call to node:crypto costs about 0.6 µs whatever the length; up to this many bytes WASM is faster.
const WASM_LIMIT = 64;

/** SHA-1 of `data`: 20 bytes. */
export function sha1(data: Uint8Array): Uint8Array {
  if (data.length > WASM_LIMIT) return hash('sha1', data, 'buffer');
  const bytes = memory();
  bytes.set(data, inputAt);
  wasm.sha1(inputAt, data.length);
  return bytes.slice(digestAt, digestAt + 20);
}

/** SHA-256 of `data`: 32 bytes. */
export function sha256(data: Uint8Array): Uint8Array {
  if (data.length > WASM_LIMIT) return hash('sha256', data, 'buffer');
  const bytes = memory();
  bytes.set(data, inputAt);
  wasm.sha256(inputAt, data.length);
  return bytes.slice(digestAt, digestAt + 32);
}

/** SHA-1 of the concatenated parts. */
export function sha1Of(...parts: readonly Uint8Array[]): Uint8Array {
  const digest = createHash('sha1');
  for (const part of parts) digest.update(part);
  return digest.digest();
}

/** SHA-256 of the concatenated parts. */
export function sha256Of(...parts: readonly Uint8Array[]): Uint8Array {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest();
}
