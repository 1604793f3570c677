import { createDiffieHellman, createPrivateKey, createPublicKey, type DiffieHellman, diffieHellman, type KeyObject } from 'node:crypto';
import { compareBigEndian, concatBytes, padBigEndian, type RandomBytes } from './bytes.ts';

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

const GENERATOR = Uint8Array.of(DH_GENERATOR);

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

let tested: DiffieHellman | undefined;
/** Creating the object tests the prime, which takes some 200 ms, so each thread does it once, when it first needs it. */
const testedGroup = (): DiffieHellman => (tested ??= createDiffieHellman(DH_PRIME, GENERATOR));

/**
 * The group for many exchanges. The first one in a thread takes some 200 ms.
 * @param secretBytes length of the exponents; clients use 256 as the documentation requires.
 */
export function createDhGroup(secretBytes: number): DhGroup {
  return groupOf(secretBytes, (secret, base) => {
    const dh = testedGroup();
    dh.setPrivateKey(secret);
    return dh.computeSecret(base);
  });
}

/**
 * The group for few exchanges in a thread that must never stop for long: no exchange takes more than some 2 ms, where those of {@link createDhGroup} take 0.5 ms.
 * @param secretBytes see {@link createDhGroup}
 */
export function createSpareDhGroup(secretBytes: number): DhGroup {
  return groupOf(secretBytes, (secret, base) => diffieHellman({ privateKey: privateKeyOf(secret), publicKey: publicKeyOf(base) }));
}

/** @param power computes `base`^`secret` mod p; leading zeros may be missing */
function groupOf(secretBytes: number, power: (secret: Uint8Array, base: Uint8Array) => Uint8Array): DhGroup {
  if (secretBytes < 32 || secretBytes > SIZE) throw new RangeError(`a secret exponent has 32 to ${SIZE} bytes, not ${secretBytes}`);
  return {
    generate(random) {
      for (;;) {
        const secret = random.bytes(secretBytes);
        // Less than (p−1)/2, and of fixed bit length so that the time reveals nothing.
        secret[0] = (secret[0]! & 0x3f) | 0x40;
        const shown = checkDhValue(power(secret, GENERATOR));
        if (shown !== undefined) return { secret, shown: new Uint8Array(shown) };
      }
    },
    agree(secret, theirs) {
      const agreed = padBigEndian(power(secret, theirs), SIZE);
      if (agreed === undefined) throw new RangeError('the agreed number is longer than the prime');
      return new Uint8Array(agreed);
    },
  };
}

/** A tag, a length and a content in DER. */
function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...parts);
  const { length } = content;
  const head = length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return concatBytes(Uint8Array.from(head), content);
}

/** A positive number, without leading zeros but with one that keeps it positive. */
function derInteger(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  return der(0x02, Uint8Array.of(...(digits[0]! >= 0x80 ? [0] : [])), digits);
}

/** dhKeyAgreement with our parameters. @see https://www.rfc-editor.org/rfc/rfc3279#section-2.3.3 */
const DH_ALGORITHM = der(0x30, der(0x06, Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x03, 0x01)), der(0x30, derInteger(DH_PRIME), derInteger(GENERATOR)));

const privateKeyOf = (secret: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.from(der(0x30, derInteger(Uint8Array.of(0)), DH_ALGORITHM, der(0x04, derInteger(secret)))), format: 'der', type: 'pkcs8' });

const publicKeyOf = (power: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.from(der(0x30, DH_ALGORITHM, der(0x03, Uint8Array.of(0), derInteger(power)))), format: 'der', type: 'spki' });
