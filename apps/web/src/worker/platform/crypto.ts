import { BaseCryptoProvider, type IAesCtr, type ICryptoProvider } from '@mtcute/core/utils.js';
import { createCtr256, ctr256, deflateMaxSize, freeCtr256, gunzip, ige256Decrypt, ige256Encrypt, initSync, sha1, sha256, SIMD_AVAILABLE } from '@mtcute/wasm';
import plainWasm from '@mtcute/wasm/mtcute.wasm';
import simdWasm from '@mtcute/wasm/mtcute-simd.wasm';

/**
 * The ciphers of MTProto in WebAssembly. `crypto.subtle` is absent on pages that were loaded over plain HTTP from another machine, so nothing
 * here uses it.
 */
export class WebCrypto extends BaseCryptoProvider implements ICryptoProvider {
  async initialize(): Promise<void> {
    const response = await fetch(SIMD_AVAILABLE ? simdWasm : plainWasm);
    if (!response.ok) throw new Error(`the cipher code could not be loaded: HTTP ${response.status}`);
    initSync(await response.arrayBuffer());
  }

  sha1(data: Uint8Array): Uint8Array {
    return sha1(data);
  }

  sha256(data: Uint8Array): Uint8Array {
    return sha256(data);
  }

  /** Only passwords need it, so its code is loaded with the first password. */
  // oxlint-disable-next-line max-params -- mtcute decides how this is called
  async pbkdf2(password: Uint8Array, salt: Uint8Array, iterations: number, keylen = 64, algorithm = 'sha512'): Promise<Uint8Array> {
    if (algorithm !== 'sha512') throw new Error(`no PBKDF2 with ${algorithm}`);
    const { derivePassword } = await import('./derive-password.ts');
    return derivePassword(password, salt, iterations, keylen);
  }

  hmacSha256(data: Uint8Array, key: Uint8Array): Uint8Array {
    const block = new Uint8Array(64);
    block.set(key.length > 64 ? sha256(key) : key);
    const inner = concat(block.map((byte) => byte ^ 0x36), data);
    return sha256(concat(block.map((byte) => byte ^ 0x5c), sha256(inner)));
  }

  createAesCtr(key: Uint8Array, iv: Uint8Array): IAesCtr {
    const cipher = createCtr256(key, iv);
    return { process: (data) => ctr256(cipher, data), close: () => freeCtr256(cipher) };
  }

  createAesIge(key: Uint8Array, iv: Uint8Array): { encrypt(data: Uint8Array): Uint8Array; decrypt(data: Uint8Array): Uint8Array } {
    return { encrypt: (data) => ige256Encrypt(data, key, iv), decrypt: (data) => ige256Decrypt(data, key, iv) };
  }

  gzip(data: Uint8Array, maxSize: number): Uint8Array | null {
    return deflateMaxSize(data, maxSize);
  }

  gunzip(data: Uint8Array): Uint8Array {
    return gunzip(data);
  }

  randomFill(buffer: Uint8Array): void {
    crypto.getRandomValues(buffer as Uint8Array<ArrayBuffer>);
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
