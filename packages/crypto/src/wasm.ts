import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { __getWasm, initSync, SIMD_AVAILABLE } from '@mtcute/wasm';

// Resolved by package name rather than by import.meta.url of the library, so that it is also found from a bundle in dist/.
const file = createRequire(import.meta.url).resolve(SIMD_AVAILABLE ? '@mtcute/wasm/mtcute-simd.wasm' : '@mtcute/wasm/mtcute.wasm');
initSync(readFileSync(file));

/** The instance's exports. Its memory grows but never shrinks, and a growth detaches earlier views: take views through `memory()`. */
export const wasm = __getWasm();

// The type of WebAssembly.Memory belongs to the DOM library, which this repository does not load.
const linear: { readonly buffer: ArrayBuffer } = wasm.memory as { readonly buffer: ArrayBuffer };

let view = new Uint8Array(linear.buffer);

/** The current view of the instance's memory; valid until the next `__malloc`. */
export function memory(): Uint8Array {
  if (view.byteLength === 0) view = new Uint8Array(linear.buffer);
  return view;
}

/** Where the instance reads the 32-byte AES key from. */
export const keyAt = wasm.__get_shared_key_buffer();
/** Where the instance reads the 32-byte IGE vector from. */
export const ivAt = wasm.__get_shared_iv_buffer();
/** Where the instance leaves a digest. */
export const digestAt = wasm.__get_shared_out();

/** Bytes of the two kept buffers; longer inputs get buffers of their own for the one call. */
export const SCRATCH_SIZE = 65_536;
/** Kept input buffer of `SCRATCH_SIZE` bytes. No call leaves anything in it that a later call relies on. */
export const inputAt = wasm.__malloc(SCRATCH_SIZE);
/** Kept output buffer of `SCRATCH_SIZE` bytes. */
export const outputAt = wasm.__malloc(SCRATCH_SIZE);
