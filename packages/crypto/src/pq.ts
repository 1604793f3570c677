import type { RandomBytes } from './bytes.ts';

/** The proof-of-work challenge: pq = p · q. */
export interface PqChallenge {
  /** The product, big-endian, 8 bytes. */
  pq: Uint8Array;
  /** The smaller prime, big-endian, 4 bytes. */
  p: Uint8Array;
  /** The larger prime, big-endian, 4 bytes. */
  q: Uint8Array;
}

// a·b mod m for numbers below 2^31, in 16-bit halves so that every product stays below 2^53.
function multiply(a: number, b: number, m: number): number {
  return (((a * (b >>> 16)) % m) * 65_536 + a * (b & 0xffff)) % m;
}

function power(base: number, exponent: number, m: number): number {
  let result = 1;
  let square = base % m;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, square, m);
    square = multiply(square, square, m);
  }
  return result;
}

const SMALL_PRIMES = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61];

/** Whether an odd number in 62 … 2^31 is prime. Miller-Rabin with the bases 2, 7 and 61 is exact below 4,759,123,141. */
function isPrime(n: number): boolean {
  for (const small of SMALL_PRIMES) if (n % small === 0) return false;
  let odd = n - 1;
  let twos = 0;
  while (odd % 2 === 0) {
    odd /= 2;
    twos++;
  }
  return [2, 7, 61].every((witness) => {
    let x = power(witness, odd, n);
    if (x === 1 || x === n - 1) return true;
    for (let i = 1; i < twos; i++) {
      x = multiply(x, x, n);
      if (x === n - 1) return true;
    }
    return false;
  });
}

function randomPrime(random: RandomBytes): number {
  for (;;) {
    const bytes = random.bytes(4);
    const word = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
    // Exactly 31 bits and odd, so the product has 61 or 62 bits, as clients expect.
    const candidate = (word & 0x3fff_ffff) | 0x4000_0001;
    if (isPrime(candidate)) return candidate;
  }
}

function bigEndian(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/**
 * Creates a challenge of two different 31-bit primes, p < q, so that pq < 2^62.
 * @see https://core.telegram.org/mtproto/auth_key#2-server-sends-response-of-the-form
 */
export function generatePq(random: RandomBytes): PqChallenge {
  const first = randomPrime(random);
  let second = randomPrime(random);
  while (second === first) second = randomPrime(random);
  const p = Math.min(first, second);
  const q = Math.max(first, second);
  return { pq: bigEndian(BigInt(p) * BigInt(q), 8), p: bigEndian(BigInt(p), 4), q: bigEndian(BigInt(q), 4) };
}

function squareRoot(n: bigint): bigint {
  let root = BigInt(Math.floor(Math.sqrt(Number(n))));
  while (root * root > n) root--;
  while ((root + 1n) * (root + 1n) <= n) root++;
  return root;
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

const MULTIPLIERS = [1n, 3n, 5n, 7n, 11n, 15n, 21n, 33n, 35n, 55n, 77n, 105n, 165n, 231n, 385n, 1155n];

/** One attempt of Shanks's square forms factorization with a multiplier; after the start all numbers stay below 2^53. */
function squareForms(n: bigint, multiplier: bigint): bigint | undefined {
  const kn = n * multiplier;
  const root = Number(squareRoot(kn));
  let p = root;
  let before = 1;
  let q = Number(kn - BigInt(root) * BigInt(root));
  if (q === 0) return undefined;
  const limit = 4 * Math.ceil(Math.sqrt(2 * root)) + 64;
  let form = 0;
  for (let i = 2; i < 3 * limit; i++) {
    const b = Math.floor((root + p) / q);
    const next = b * q - p;
    const newQ = before + b * (p - next);
    p = next;
    before = q;
    q = newQ;
    if (i % 2 === 0) {
      const s = Math.round(Math.sqrt(q));
      if (s * s === q) {
        form = s;
        break;
      }
    }
  }
  if (form === 0) return undefined;
  let b = Math.floor((root - p) / form);
  p = b * form + p;
  before = form;
  q = Number((kn - BigInt(p) * BigInt(p)) / BigInt(before));
  for (let i = 0; i < 3 * limit; i++) {
    b = Math.floor((root + p) / q);
    const next = b * q - p;
    const newQ = before + b * (p - next);
    before = q;
    q = newQ;
    if (next === p) break;
    p = next;
  }
  const divisor = greatestDivisor(n, BigInt(p));
  return divisor > 1n && divisor < n ? divisor : undefined;
}

/** Pollard's rho algorithm with Brent's cycle detection: slower than square forms, but it finds the factors that those may miss. */
export function divideByRho(n: bigint): bigint | undefined {
  for (let constant = 1n; constant < 4n; constant++) {
    let walker = 2n;
    let mark = 2n;
    for (let steps = 1, limit = 1; limit <= 2 ** 18; steps++) {
      walker = (walker * walker + constant) % n;
      const divisor = greatestDivisor(walker > mark ? walker - mark : mark - walker, n);
      if (divisor === n) break;
      if (divisor > 1n) return divisor;
      if (steps < limit) continue;
      mark = walker;
      limit *= 2;
      steps = 0;
    }
  }
  return undefined;
}

/** Finds a divisor by square forms; undefined for one number in some hundred thousand, and for primes. */
function divideBySquareForms(n: bigint): bigint | undefined {
  for (const multiplier of MULTIPLIERS) {
    const divisor = squareForms(n, multiplier);
    if (divisor !== undefined) return divisor;
  }
  return undefined;
}

/**
 * Factorizes a challenge, as a client does.
 * @param pq big-endian, at most 8 bytes.
 * @throws RangeError when it is not a product of two different primes below 2^32.
 */
export function factorizePq(pq: Uint8Array): { p: Uint8Array; q: Uint8Array } {
  if (pq.length > 8) throw new RangeError(`pq has at most 8 bytes, got ${pq.length}`);
  let n = 0n;
  for (const byte of pq) n = (n << 8n) | BigInt(byte);
  const divisor = n > 3n ? (divideBySquareForms(n) ?? divideByRho(n)) : undefined;
  if (divisor !== undefined) {
    const other = n / divisor;
    const [p, q] = divisor < other ? [divisor, other] : [other, divisor];
    if (p !== q && q <= 0xffff_ffffn) return { p: bigEndian(p, 4), q: bigEndian(q, 4) };
  }
  throw new RangeError('pq is not a product of two different primes');
}
