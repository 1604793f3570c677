import { concatBytes, equalBytes, padBigEndian, type RandomBytes, xorBytes } from './bytes.ts';
import { checkDhValue, createSpareDhGroup, DH_GENERATOR, DH_PRIME, SERVER_SECRET_BYTES } from './dh.ts';
import { sha256, sha256Of } from './hash.ts';

/** What the server stores about a password: v = g^x mod p, where only the client derives x with these salts. */
export interface SrpVerifier {
  salt1: Uint8Array;
  salt2: Uint8Array;
  /** 256 bytes, in the range of `checkDhValue`. */
  verifier: Uint8Array;
}

/** The server's half of one password check; valid for one attempt. */
export interface SrpChallenge {
  /** b; never sent. */
  secret: Uint8Array;
  /** B = k·v + g^b mod p, 256 bytes. */
  shown: Uint8Array;
}

/** The server side of SRP-6a as used by Telegram's two-step verification. */
export interface SrpServer {
  /** Creates a new challenge for a verifier. */
  challenge(verifier: Uint8Array, random: RandomBytes): SrpChallenge;
  /**
   * Whether the client's A and M1 prove that it knows the password of the verifier.
   * @param A as received; a value out of range proves nothing
   */
  provesPassword(kept: SrpVerifier, challenge: SrpChallenge, A: Uint8Array, M1: Uint8Array): boolean;
}

const SIZE = 256;
const P = toBigInt(DH_PRIME);
const G_PADDED = padBigEndian(Uint8Array.of(DH_GENERATOR), SIZE)!;
const K = toBigInt(sha256Of(DH_PRIME, G_PADDED));
const P_XOR_G = xorBytes(sha256(DH_PRIME), sha256(G_PADDED));

// Passwords are checked in the main thread, seldom.
const group = createSpareDhGroup(SERVER_SECRET_BYTES);

/**
 * Creates the server side. The client derives x (SHA-256, then
 * PBKDF2-HMAC-SHA512 with 100,000 rounds); the verifier is the only thing the server sees that depends on the password.
 * @see https://core.telegram.org/api/srp
 */
export function createSrpServer(): SrpServer {
  return {
    challenge(verifier, random) {
      const kv = (K * toBigInt(verifier)) % P;
      for (;;) {
        const { secret, shown } = group.generate(random);
        const b = checkDhValue(toBytes((kv + toBigInt(shown)) % P));
        if (b !== undefined) return { secret, shown: b };
      }
    },
    provesPassword({ salt1, salt2, verifier }, { secret, shown }, A, M1) {
      const a = checkDhValue(A);
      if (a === undefined) return false;
      const u = sha256Of(a, shown);
      const base = checkDhValue(toBytes((toBigInt(a) * toBigInt(group.agree(u, verifier))) % P));
      if (base === undefined) return false;
      const key = sha256(group.agree(secret, base));
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
