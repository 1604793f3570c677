import { createHmac } from 'node:crypto';
import { equalBytes, generatePq, type PqChallenge, type RandomBytes } from '@aerogram/crypto';

/** The content of the answer to `req_pq`. */
export interface Greeting {
  serverNonce: Uint8Array;
  challenge: PqChallenge;
}

/** A greeting is valid for the rest of the period in which it was created and the following one, so for five to ten minutes. */
const PERIOD_MS = 300_000;

const NONCE_BYTES = 16;

/**
 * Creates the answers to `req_pq` from a secret and the client's nonce. They are computed again when the client continues, so nothing is
 * stored for clients that do not: however many handshakes are started, none is forgotten because of the others.
 */
export class Greetings {
  readonly #secret: Uint8Array;
  readonly #clock: { monotonicMs(): number };

  constructor(random: RandomBytes, clock: { monotonicMs(): number }) {
    this.#secret = random.bytes(32);
    this.#clock = clock;
  }

  /** The greeting for a client's nonce; it stays the same within a period of five minutes. */
  make(nonce: Uint8Array): Greeting {
    const period = this.#period();
    return { serverNonce: this.#serverNonce(nonce, period), challenge: this.#challenge(nonce, period) };
  }

  /** The greeting that was created for these nonces; undefined if there was none or it has expired. */
  find(nonce: Uint8Array, serverNonce: Uint8Array): Greeting | undefined {
    const now = this.#period();
    for (const period of [now, now - 1]) {
      if (equalBytes(this.#serverNonce(nonce, period), serverNonce)) return { serverNonce, challenge: this.#challenge(nonce, period) };
    }
    return undefined;
  }

  #period(): number {
    return Math.floor(this.#clock.monotonicMs() / PERIOD_MS);
  }

  #serverNonce(nonce: Uint8Array, period: number): Uint8Array {
    return this.#derive(nonce, `nonce ${period}`).subarray(0, NONCE_BYTES);
  }

  #challenge(nonce: Uint8Array, period: number): PqChallenge {
    let block = 0;
    let left: Uint8Array = new Uint8Array(0);
    return generatePq({
      bytes: (length) => {
        if (left.length < length) left = this.#derive(nonce, `pq ${period} ${block++}`);
        const taken = left.subarray(0, length);
        left = left.subarray(length);
        return taken;
      },
    });
  }

  #derive(nonce: Uint8Array, what: string): Uint8Array {
    return createHmac('sha256', this.#secret).update(nonce).update(what).digest();
  }
}
