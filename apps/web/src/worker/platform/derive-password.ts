import { pbkdf2Async } from '@noble/hashes/pbkdf2.js';
import { sha512 } from '@noble/hashes/sha2.js';

/** PBKDF2 with HMAC-SHA-512, in steps that leave room for other work. @param iterations 100,000 for passwords of accounts */
export function derivePassword(password: Uint8Array, salt: Uint8Array, iterations: number, bytes: number): Promise<Uint8Array> {
  return pbkdf2Async(sha512, password, salt, { c: iterations, dkLen: bytes, asyncTick: 20 });
}
