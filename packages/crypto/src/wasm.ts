import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { __getWasm, initSync, SIMD_AVAILABLE } from '@mtcute/wasm';

// Resolved by package name instead of the library's import.meta.url, so that it is also found from a bundle in dist/.
const file = createRequire(import.meta.url).resolve(SIMD_AVAILABLE ? '@mtcute/wasm/mtcute-simd.wasm' : '@mtcute/wasm/mtcute.wasm');
initSync(readFileSync(file));

/** The exports of the instance. Its memory can grow, which detaches earlier views, so always use `memory()`. */
export const wasm = __getWasm();

// The type of WebAssembly.Memory is in the DOM library, which this repository does not use.
const linear: { readonly buffer: ArrayBuffer } = wasm.memory as { readonly buffer: ArrayBuffer };

let view = new Uint8Array(linear.buffer);

/** The current view of the instance's memory; valid until the next `__malloc`. */
export function memory(): Uint8Array {
  if (view.byteLength === 0) view = new Uint8Array(linear.buffer);
  return view;
}

/** Offset from which the instance reads the 32-byte AES key. */
export const keyAt = wasm.__get_shared_key_buffer();
/** Offset from which the instance reads the 32-byte IGE vector. */
export const ivAt = wasm.__get_shared_iv_buffer();
/** Offset to which the instance writes a digest. */
export const digestAt = wasm.__get_shared_out();

/** Size of the two shared buffers in bytes; longer inputs get separate buffers for a single call. */
export const SCRATCH_SIZE = 65_536;
/** Shared input buffer of `SCRATCH_SIZE` bytes. No call relies on its content from an earlier call. */
export const inputAt = wasm.__malloc(SCRATCH_SIZE);
/** Shared output buffer of `SCRATCH_SIZE` bytes. */
export const outputAt = wasm.__malloc(SCRATCH_SIZE);
