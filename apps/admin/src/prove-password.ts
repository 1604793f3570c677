import { pbkdf2Async } from '@noble/hashes/pbkdf2.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';

/** What the server says before a password is proved; bytes are in base64. */
export interface Challenge {
  srp_id: string;
  shown: string;
  salt1: string;
  salt2: string;
  g: number;
  p: string;
  hint: string;
}

/** The proof, in base64. */
export interface Proof {
  srp_id: string;
  A: string;
  M1: string;
}

const SIZE = 256;
const ROUNDS = 100_000;

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

function join(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`);

function toBytes(number: bigint): Uint8Array {
  const digits = number.toString(16).padStart(SIZE * 2, '0');
  return Uint8Array.from({ length: SIZE }, (_, at) => Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16));
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/**
 * Proves a password without sending it: the client's side of SRP with the derivation of two-step passwords.
 * @see https://core.telegram.org/api/srp
 */
export async function provePassword(password: string, { srp_id, shown, salt1, salt2, g, p }: Challenge): Promise<Proof> {
  const [one, two, prime] = [fromBase64(salt1), fromBase64(salt2), fromBase64(p)];
  const [modulus, generator] = [toNumber(prime), toBytes(BigInt(g))];
  const salted = (bytes: Uint8Array, salt: Uint8Array): Uint8Array => sha256(join(salt, bytes, salt));
  const first = salted(salted(new TextEncoder().encode(password), one), two);
  const x = toNumber(salted(await pbkdf2Async(sha512, first, one, { c: ROUNDS, dkLen: 64 }), two));
  const B = toBytes(toNumber(fromBase64(shown)));
  const k = toNumber(sha256(join(prime, generator)));
  const a = toNumber(crypto.getRandomValues(new Uint8Array(SIZE)));
  const A = toBytes(power(BigInt(g), a, modulus));
  const u = toNumber(sha256(join(A, B)));
  const v = power(BigInt(g), x, modulus);
  const base = (((toNumber(B) - k * v) % modulus) + modulus) % modulus;
  const key = sha256(toBytes(power(base, a + u * x, modulus)));
  const [hashOfPrime, hashOfGenerator] = [sha256(prime), sha256(generator)];
  const mixed = hashOfPrime.map((byte, at) => byte ^ hashOfGenerator[at]!);
  return { srp_id, A: toBase64(A), M1: toBase64(sha256(join(mixed, sha256(one), sha256(two), A, B, key))) };
}
