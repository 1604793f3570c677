import { createCipheriv } from 'node:crypto';
import { freeBytes } from './free-bytes.ts';
import { inputAt, ivAt, keyAt, memory, outputAt, SCRATCH_SIZE, wasm } from './wasm.ts';

// From this length on, AES instructions by way of CBC are faster than WASM, in spite of two XOR passes and the cost of a cipher object.
const CBC_FROM = 2_048;

function checkLengths(data: Uint8Array, key: Uint8Array, iv: Uint8Array): void {
  // The WASM code would read past the end or truncate silently, so invalid lengths must not reach it.
  if (data.length % 16 !== 0) throw new RangeError(`AES-IGE wants whole blocks of 16 bytes, got ${data.length}`);
  if (key.length !== 32) throw new RangeError(`AES-256 wants a key of 32 bytes, got ${key.length}`);
  if (iv.length !== 32) throw new RangeError(`AES-IGE wants a vector of 32 bytes, got ${iv.length}`);
}

/**
 * Encrypts with AES-256-IGE.
 * @param data a multiple of 16 bytes.
 * @param key 32 bytes.
 * @param iv 32 bytes: first the ciphertext half, then the plaintext half.
 * @throws RangeError for other lengths.
 * @see https://core.telegram.org/mtproto/description
 */
export function igeEncrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array {
  checkLengths(data, key, iv);
  if (data.length < CBC_FROM) return runWasm(wasm.ige256_encrypt, data, key, iv);
  const words = new Uint32Array(data.length >>> 2);
  encryptByCbc(data, key, iv, words);
  return new Uint8Array(words.buffer);
}

/**
 * Like `igeEncrypt`, but writes the result into an array that the caller has.
 * @param target as long as the data
 */
export function igeEncryptInto(target: Uint8Array, data: Uint8Array, key: Uint8Array, iv: Uint8Array): void {
  checkLengths(data, key, iv);
  if (target.length !== data.length) throw new RangeError(`${data.length} bytes do not fit into ${target.length}`);
  if (data.length < CBC_FROM || target.byteOffset % 4 !== 0) target.set(igeEncrypt(data, key, iv));
  else encryptByCbc(data, key, iv, new Uint32Array(target.buffer, target.byteOffset, target.length >>> 2));
}

/**
 * Decrypts AES-256-IGE; lengths as for `igeEncrypt`. It does not authenticate: check `msg_key` or the hash inside.
 * @throws RangeError for wrong lengths.
 */
export function igeDecrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array {
  checkLengths(data, key, iv);
  return runWasm(wasm.ige256_decrypt, data, key, iv);
}

function runWasm(run: typeof wasm.ige256_encrypt, data: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array {
  const { length } = data;
  const kept = length <= SCRATCH_SIZE;
  const from = kept ? inputAt : wasm.__malloc(length);
  const to = kept ? outputAt : wasm.__malloc(length);
  try {
    const bytes = memory();
    bytes.set(data, from);
    bytes.set(key, keyAt);
    bytes.set(iv, ivAt);
    run(from, length, to);
    return bytes.slice(to, to + length);
  } finally {
    if (!kept) {
      wasm.__free(to);
      wasm.__free(from);
    }
  }
}

/**
 * IGE is c[i] = E(p[i] ^ c[i-1]) ^ p[i-1]. With d[i] = c[i] ^ p[i-1] this is d[i] = E((p[i] ^ p[i-2]) ^ d[i-1]), which is CBC over p[i] ^
 * p[i-2]. So two XOR passes and one native CBC give IGE. Decryption has no such form.
 */
function encryptByCbc(data: Uint8Array, key: Uint8Array, iv: Uint8Array, result: Uint32Array): void {
  const { length } = data;
  // Words from here on; `plain` starts with the plaintext half of the vector, so that block i-1 is always 4 words back.
  const { plain, mixed } = takeScratch(length + 16);
  const plainBytes = new Uint8Array(plain.buffer);
  plainBytes.set(iv.subarray(16), 0);
  plainBytes.set(data, 16);
  const words = length >>> 2;
  for (let i = 0; i < 4; i++) mixed[i] = plain[i + 4]!;
  for (let i = 4; i < words; i++) mixed[i] = plain[i + 4]! ^ plain[i - 4]!;
  const cipher = createCipheriv('aes-256-cbc', key, iv.subarray(0, 16));
  cipher.setAutoPadding(false);
  const chained = cipher.update(new Uint8Array(mixed.buffer, 0, length));
  const aligned = chained.byteOffset % 4 === 0 ? chained : new Uint8Array(chained);
  const chainedWords = new Uint32Array(aligned.buffer, aligned.byteOffset, words);
  for (let i = 0; i < words; i++) result[i] = chainedWords[i]! ^ plain[i]!;
  freeBytes(chained);
}

/** Larger scratch memory is not kept. A packet has at most a mebibyte and a little. */
const KEPT_SCRATCH = 1_280 * 1024;

interface Scratch {
  plain: Uint32Array<ArrayBuffer>;
  mixed: Uint32Array<ArrayBuffer>;
}

let scratch: Scratch | undefined;

/** Memory for one encryption. It is used again, because new memory costs as much as the encryption itself. @param bytes of each half */
function takeScratch(bytes: number): Scratch {
  if (scratch && scratch.plain.byteLength >= bytes) return scratch;
  const made = { plain: new Uint32Array(bytes >>> 2), mixed: new Uint32Array(bytes >>> 2) };
  if (bytes <= KEPT_SCRATCH) scratch = made;
  return made;
}
