import { createDiffieHellman } from 'node:crypto';
import { compareBigEndian, padBigEndian, type RandomBytes } from './bytes.ts';

/**
 * The safe 2048-bit prime that clients know, so they do not have to test it (256 bytes, big-endian).
 * @see https://core.telegram.org/mtproto/auth_key#6-server-responds-with
 */
export const DH_PRIME: Uint8Array = Uint8Array.from(
  Buffer.from(
    'c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f48198a0aa7c14058229493d22530f4dbfa336f6e0ac925139543aed44cce7c37' +
      '20fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f642477fe96bb2a941d5bcd1d4ac8cc49880708fa9b378e3c4f3a9060bee67cf9a4' +
      'a4a695811051907e162753b56b0f6b410dba74d8a84b2a14b3144e0ef1284754fd17ed950d5965b4b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4' +
      'e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f0d8115f635b105ee2e4e15d04b2454bf6f4fadf034b10403119cd8e3b92fcc5b',
    'hex',
  ),
);

/** Generates the subgroup of prime order (p − 1)/2, because p mod 3 = 2. */
export const DH_GENERATOR = 3;

const SIZE = 256;

// p − 2^(2048−64). The lower bound 2^(2048−64) means that one of the 8 highest bytes is not zero.
const UPPER_BOUND = ((): Uint8Array => {
  const bound = Uint8Array.from(DH_PRIME);
  for (let i = 7; i >= 0; i--) {
    if (bound[i]! > 0) {
      bound[i]!--;
      break;
    }
    bound[i] = 0xff;
  }
  return bound;
})();

/**
 * Pads the other side's g_a or g_b to 256 bytes and checks 2^(2048−64) ≤ value ≤ p − 2^(2048−64), as both sides must.
 * @returns undefined when it is out of range.
 * @see https://core.telegram.org/mtproto/security_guidelines#g-a-and-g-b-validation
 */
export function checkDhValue(value: Uint8Array): Uint8Array | undefined {
  const padded = padBigEndian(value, SIZE);
  if (padded === undefined) return undefined;
  let high = 0;
  for (let i = 0; i < 8; i++) high |= padded[i]!;
  return high !== 0 && compareBigEndian(padded, UPPER_BOUND) <= 0 ? padded : undefined;
}

/** One side's secret exponent and the power of g that it sends to the other side. */
export interface DhPair {
  /** The secret, big-endian. */
  secret: Uint8Array;
  /** g^secret mod p, 256 bytes, in the range of `checkDhValue`. */
  shown: Uint8Array;
}

/** Diffie-Hellman with the known prime. */
export interface DhGroup {
  /** Creates a pair from new random bytes. */
  generate(random: RandomBytes): DhPair;
  /** Computes `theirs`^`secret` mod p: 256 bytes. `theirs` must have passed `checkDhValue`. */
  agree(secret: Uint8Array, theirs: Uint8Array): Uint8Array;
}

/**
 * 512 bits: in the group of a safe prime an exponent needs twice as many bits as the strength of the group (112 for 2048 bits; NIST SP
 * 800-56A rev. 3, 5.6.1.1.1), and the time grows with its length: 0.4 ms per exponentiation instead of 1.6 ms.
 */
export const SERVER_SECRET_BYTES = 64;

/**
 * Creates the group. This tests the prime and takes some 200 ms, so do it once per thread.
 * @param secretBytes length of the exponents; clients use 256 as the documentation requires.
 */
export function createDhGroup(secretBytes: number): DhGroup {
  const dh = createDiffieHellman(DH_PRIME, Uint8Array.of(DH_GENERATOR));
  if (secretBytes < 32 || secretBytes > SIZE) throw new RangeError(`a secret exponent has 32 to ${SIZE} bytes, not ${secretBytes}`);
  return {
    generate(random) {
      for (;;) {
        const secret = random.bytes(secretBytes);
        // Less than (p−1)/2, and of fixed bit length so that the time reveals nothing.
        secret[0] = (secret[0]! & 0x3f) | 0x40;
        dh.setPrivateKey(secret);
        const shown = checkDhValue(dh.generateKeys());
        if (shown !== undefined) return { secret, shown: new Uint8Array(shown) };
      }
    },
    agree(secret, theirs) {
      dh.setPrivateKey(secret);
      const agreed = padBigEndian(dh.computeSecret(theirs), SIZE);
      if (agreed === undefined) throw new RangeError('the agreed number is longer than the prime');
      return new Uint8Array(agreed);
    },
  };
}
