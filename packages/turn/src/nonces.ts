import { createHmac, timingSafeEqual } from 'node:crypto';

const TIME_DIGITS = 8;
const MAC_DIGITS = 24;

/** Nonces that need no memory: a time and a MAC over it and the address of the client. */
export class Nonces {
  readonly #key: Uint8Array;
  readonly #lifetimeS: number;

  /** @param key random, of this process alone @param lifetimeS after which a nonce is stale, in seconds */
  constructor(key: Uint8Array, lifetimeS: number) {
    this.#key = key;
    this.#lifetimeS = lifetimeS;
  }

  /** @param nowS any clock that does not go back, in seconds */
  make(address: string, nowS: number): string {
    const time = Math.floor(nowS).toString(16).padStart(TIME_DIGITS, '0');
    return time + this.#mac(time, address);
  }

  isFresh(nonce: string, address: string, nowS: number): boolean {
    if (nonce.length !== TIME_DIGITS + MAC_DIGITS) return false;
    const time = nonce.slice(0, TIME_DIGITS);
    if (!timingSafeEqual(Buffer.from(nonce.slice(TIME_DIGITS), 'latin1'), Buffer.from(this.#mac(time, address), 'latin1'))) return false;
    const ageS = nowS - Number.parseInt(time, 16);
    return ageS >= -1 && ageS <= this.#lifetimeS;
  }

  #mac(time: string, address: string): string {
    return createHmac('sha256', this.#key).update(`${time} ${address}`).digest('hex').slice(0, MAC_DIGITS);
  }
}
