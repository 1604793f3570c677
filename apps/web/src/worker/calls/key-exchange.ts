// The exchange of the key of a call: Diffie-Hellman with the prime of MTProto. Pure but for the random bytes that it is given.
// See https://core.telegram.org/api/end-to-end/voice-calls

/** Hashes, which differ between the worker and tests. */
export interface Hashes {
  sha1(data: Uint8Array): Uint8Array;
  sha256(data: Uint8Array): Uint8Array;
}

const SIZE = 256;
/** Emoji in the list that all clients share. */
const EMOJI_COUNT = 333n;

/** The safe prime that clients know as good. The server offers no other one, so primes need no test here. */
const PRIME = BigInt(
  '0xc71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f48198a0aa7c14058229493d22530f4dbfa336f6e0ac925139543aed44cce7c37' +
    '20fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f642477fe96bb2a941d5bcd1d4ac8cc49880708fa9b378e3c4f3a9060bee67cf9a4' +
    'a4a695811051907e162753b56b0f6b410dba74d8a84b2a14b3144e0ef1284754fd17ed950d5965b4b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4' +
    'e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f0d8115f635b105ee2e4e15d04b2454bf6f4fadf034b10403119cd8e3b92fcc5b',
);
/** How far a power must be from both ends of the range. */
const MARGIN = 2n ** (2048n - 64n);

/** The bases that are good with this prime. 2 would need p mod 8 = 7, 5 p mod 5 = 1 or 4, and 6 p mod 24 = 19 or 23. */
const BASES: readonly number[] = [2, 3, 4, 5, 6, 7].filter((base) => isGoodBase(base));

function isGoodBase(base: number): boolean {
  const isOneOf = (divisor: bigint, ...rests: bigint[]): boolean => rests.includes(PRIME % divisor);
  switch (base) {
    case 2:
      return isOneOf(8n, 7n);
    case 3:
      return isOneOf(3n, 2n);
    case 4:
      return true;
    case 5:
      return isOneOf(5n, 1n, 4n);
    case 6:
      return isOneOf(24n, 19n, 23n);
    default:
      return isOneOf(7n, 3n, 5n, 6n);
  }
}

/** What both sides compute with. */
export interface DhGroup {
  base: number;
}

/** Checks what the server wants both sides to compute with. @returns undefined for a prime or base that is not known as good */
export function checkGroup({ p, g }: { p: Uint8Array; g: number }): DhGroup | undefined {
  return toNumber(p) === PRIME && BASES.includes(g) ? { base: g } : undefined;
}

/** One side of the exchange. */
export interface DhSide {
  secret: bigint;
  /** The power that the other side gets, 256 bytes. */
  power: Uint8Array;
}

/** Makes one side. @param random fills an array with random bytes */
export function makeSide({ base }: DhGroup, random: (bytes: Uint8Array) => void): DhSide {
  for (;;) {
    const bytes = new Uint8Array(SIZE);
    random(bytes);
    const secret = toNumber(bytes);
    const power = powerOf(BigInt(base), secret);
    if (isInRange(power)) return { secret, power: toBytes(power) };
  }
}

/** Computes the key of both sides from the own secret and the power of the other one. @returns 256 bytes; undefined if the power is outside of the range that both must check */
export function makeKey(secret: bigint, power: Uint8Array): Uint8Array | undefined {
  const base = power.length > SIZE ? 0n : toNumber(power);
  return isInRange(base) ? toBytes(powerOf(base, secret)) : undefined;
}

/** The last eight bytes of the hash of a key, as numbers of TL have them: the low and the high half. */
export function fingerprintOf(key: Uint8Array, { sha1 }: Hashes): { low: number; high: number } {
  const hash = sha1(key);
  const view = new DataView(hash.buffer, hash.byteOffset + hash.length - 8, 8);
  return { low: view.getInt32(0, true), high: view.getInt32(4, true) };
}

/** The picture of a key: four places in the list of emoji. @param power of the caller, which shows that nobody stands between the two */
export function emojiOf(key: Uint8Array, power: Uint8Array, { sha256 }: Hashes): number[] {
  const both = new Uint8Array(key.length + power.length);
  both.set(key);
  both.set(power, key.length);
  const hash = sha256(both);
  const view = new DataView(hash.buffer, hash.byteOffset, hash.length);
  return [0, 8, 16, 24].map((at) => Number((view.getBigUint64(at) & 0x7fff_ffff_ffff_ffffn) % EMOJI_COUNT));
}

/** Whether two arrays have the same bytes. */
export const isSameBytes = (one: Uint8Array, other: Uint8Array): boolean => one.length === other.length && one.every((byte, at) => byte === other[at]);

const isInRange = (power: bigint): boolean => power > MARGIN && power < PRIME - MARGIN;

function powerOf(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % PRIME) {
    if ((rest & 1n) === 1n) result = (result * square) % PRIME;
  }
  return result;
}

function toNumber(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`);
}

function toBytes(number: bigint): Uint8Array {
  const digits = number.toString(16).padStart(SIZE * 2, '0');
  return Uint8Array.from({ length: SIZE }, (_, at) => Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16));
}
