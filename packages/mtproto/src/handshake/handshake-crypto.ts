import {
  createDhGroup,
  type DhPair,
  padBigEndian,
  type RandomBytes,
  RSA_SIZE,
  rsaDecryptBlock,
  type RsaPrivateKey,
  SERVER_SECRET_BYTES,
} from '@aerogram/crypto';
import { openInnerData } from './inner-data.ts';

/** The inner data of a request and a new Diffie-Hellman pair for the answer. */
export interface OpenedRequest {
  /** TL bytes of `P_Q_inner_data`. */
  inner: Uint8Array;
  pair: DhPair;
}

/** The expensive steps of a handshake (0.2–0.5 ms each), which worker threads do. */
export interface HandshakeCrypto {
  /**
   * Decrypts the `encrypted_data` of `req_DH_params` and, if it is valid, creates a pair.
   * @returns undefined when the key is not ours or the data cannot be decrypted.
   * @throws CryptoBusyError when too much is waiting.
   */
  open(fingerprint: bigint, encrypted: Uint8Array): Promise<OpenedRequest | undefined>;
  /**
   * Computes the authorization key, 256 bytes.
   * @param gB must have passed `checkDhValue`.
   * @throws CryptoBusyError when too much is waiting.
   */
  agree(secret: Uint8Array, gB: Uint8Array): Promise<Uint8Array>;
}

/** The queue of a pool is full: a client that is creating a key gets −429. */
export class CryptoBusyError extends Error {
  constructor() {
    super('too much waits for the crypto workers');
    this.name = 'CryptoBusyError';
  }
}

/** The same steps, done synchronously in this thread. */
export interface HandshakeOperations {
  open(fingerprint: bigint, encrypted: Uint8Array): OpenedRequest | undefined;
  agree(secret: Uint8Array, gB: Uint8Array): Uint8Array;
}

/** Does the steps in the calling thread: used by workers, and by tests without workers. The first exchange takes some 200 ms. */
export function createHandshakeOperations(keys: readonly RsaPrivateKey[], random: RandomBytes): HandshakeOperations {
  const byFingerprint = new Map(keys.map((key) => [key.fingerprint, key]));
  const group = createDhGroup(SERVER_SECRET_BYTES);
  return {
    open(fingerprint, encrypted) {
      const key = byFingerprint.get(fingerprint);
      // Some clients cut off leading zeros.
      const whole = padBigEndian(encrypted, RSA_SIZE);
      if (key === undefined || whole === undefined) return undefined;
      const block = rsaDecryptBlock(key, whole);
      const inner = block === undefined ? undefined : openInnerData(block);
      return inner === undefined ? undefined : { inner, pair: group.generate(random) };
    },
    agree: (secret, gB) => group.agree(secret, gB),
  };
}
