import { concatBytes, equalBytes, padBigEndian, type RandomBytes, xorBytes } from './bytes.ts';
import { checkDhValue, createDhGroup, type DhGroup, DH_GENERATOR, DH_PRIME, SERVER_SECRET_BYTES } from './dh.ts';
import { sha256, sha256Of } from './hash.ts';

/** What the server keeps of a password: v = g^x mod p, where x is derived with these salts by the client alone. */
export interface SrpVerifier {
  salt1: Uint8Array;
  salt2: Uint8Array;
  /** 256 bytes, within the range of `checkDhValue`. */
  verifier: Uint8Array;
}

/** The server's half of one check of a password; good for one attempt. */
export interface SrpChallenge {
  /** b, never shown. */
  secret: Uint8Array;
  /** B = k·v + g^b mod p, 256 bytes. */
  shown: Uint8Array;
}

/** The server's side of SRP-6a as Telegram's two-step verification has it. */
export interface SrpServer {
  /** Makes a fresh challenge for a verifier. */
  challenge(verifier: Uint8Array, random: RandomBytes): SrpChallenge;
  /**
   * Whether the client's A and M1 prove that it knows the password behind the verifier.
   * @param A as sent; one that is out of range proves nothing
   */
  provesPassword(kept: SrpVerifier, challenge: SrpChallenge, A: Uint8Array, M1: Uint8Array): boolean;
}

const SIZE = 256;
const P = toBigInt(DH_PRIME);
const G_PADDED = padBigEndian(Uint8Array.of(DH_GENERATOR), SIZE)!;
const K = toBigInt(sha256Of(DH_PRIME, G_PADDED));
const P_XOR_G = xorBytes(sha256(DH_PRIME), sha256(G_PADDED));

let group: DhGroup | undefined;
const sharedGroup = (): DhGroup => (group ??= createDhGroup(SERVER_SECRET_BYTES));

/**
 * Does now what the first exchange of this thread would have to wait for: testing the prime takes some 200 ms, in which
 * nothing else runs. For the start, before there is anything else.
 */
export function prepareSrp(): void {
  sharedGroup();
}

/**
 * Sets up the server's side; see {@link prepareSrp} for what the first exchange costs.
 * The derivation of x (SHA-256, then PBKDF2-HMAC-SHA512 of 100,000 rounds) is the client's work; the server never
 * sees anything from which the password could be read but the verifier.
 * @see https://core.telegram.org/api/srp
 */
export function createSrpServer(): SrpServer {
  return {
    challenge(verifier, random) {
      const kv = (K * toBigInt(verifier)) % P;
      for (;;) {
        const { secret, shown } = sharedGroup().generate(random);
        const b = checkDhValue(toBytes((kv + toBigInt(shown)) % P));
        if (b !== undefined) return { secret, shown: b };
      }
    },
    provesPassword({ salt1, salt2, verifier }, { secret, shown }, A, M1) {
      const a = checkDhValue(A);
      if (a === undefined) return false;
      const u = sha256Of(a, shown);
      const base = checkDhValue(toBytes((toBigInt(a) * toBigInt(sharedGroup().agree(u, verifier))) % P));
      if (base === undefined) return false;
      const key = sha256(sharedGroup().agree(secret, base));
      return equalBytes(sha256(concatBytes(P_XOR_G, sha256(salt1), sha256(salt2), a, shown, key)), M1);
    },
  };
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`);
}

function toBytes(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(SIZE * 2, '0'), 'hex');
}
