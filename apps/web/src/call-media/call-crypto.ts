// Encrypts what the two ends of a call say to each other through the server, which has no key to read it. The format is that of EncryptedConnection in tgcalls.
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, readUint32 } from './bytes.ts';

/** Least length of a packet: 16 bytes of the message key, 4 of the number, and at least one of text. */
const PACKET_MIN = 21;
/** Greatest length of a packet that is opened. */
const PACKET_MAX = 128 * 1024;
/** Packets further behind the newest one than this are dropped, because nothing is remembered of them. */
const WINDOW = 64;
/** The two high bits of the number before each message say how it is to be answered; see `acked-framing.ts`. */
export const NUMBER_MASK = 0x3fffffff;

async function cipher(bytes: Uint8Array<ArrayBuffer>, key: Uint8Array<ArrayBuffer>, counter: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const imported = await crypto.subtle.importKey('raw', key, 'AES-CTR', false, ['encrypt']);
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CTR', counter, length: 128 }, imported, bytes));
}

/** Seals and opens the packets of one call. */
export class CallCipher {
  readonly #key: Uint8Array;
  readonly #isCaller: boolean;

  /** @param key 256 bytes @throws RangeError if it has another length */
  constructor(key: Uint8Array, isCaller: boolean) {
    if (key.length !== 256) throw new RangeError(`a key of ${key.length} bytes`);
    this.#key = key;
    this.#isCaller = isCaller;
  }

  /** @param plain number of the packet and what it holds */
  async seal(plain: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const messageKey = this.#messageKey(plain, this.#isCaller);
    return concat(messageKey, await this.#crypt(plain, messageKey, this.#isCaller));
  }

  /** The number of a packet and what it holds; undefined if the other end of this call did not make it. */
  async open(packet: Uint8Array): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (packet.length < PACKET_MIN || packet.length > PACKET_MAX) return undefined;
    const messageKey = packet.slice(0, 16);
    const plain = await this.#crypt(packet.subarray(16), messageKey, !this.#isCaller);
    const expected = this.#messageKey(plain, !this.#isCaller);
    let difference = 0;
    for (let at = 0; at < 16; at++) difference |= expected[at]! ^ messageKey[at]!;
    return difference === 0 ? plain : undefined;
  }

  #messageKey(plain: Uint8Array, isFromCaller: boolean): Uint8Array<ArrayBuffer> {
    const at = 128 + 88 + (isFromCaller ? 0 : 8);
    return sha256(concat(this.#key.subarray(at, at + 32), plain)).slice(8, 24);
  }

  #crypt(bytes: Uint8Array, messageKey: Uint8Array, isFromCaller: boolean): Promise<Uint8Array<ArrayBuffer>> {
    const x = 128 + (isFromCaller ? 0 : 8);
    const a = sha256(concat(messageKey, this.#key.subarray(x, x + 36)));
    const b = sha256(concat(this.#key.subarray(40 + x, 76 + x), messageKey));
    const key = concat(a.subarray(0, 8), b.subarray(8, 24), a.subarray(24, 32));
    const counter = concat(b.subarray(0, 4), a.subarray(8, 16), b.subarray(24, 28));
    return cipher(concat(bytes), key, counter);
  }
}

/** Which packets came already, so that none is taken twice. */
export class ReplayWindow {
  #newest = 0;
  readonly #seen = new Set<number>();

  /** Notes a number. False if it came before or is too old to tell. @param seq as it came, with its two high bits */
  accept(seq: number): boolean {
    const number = seq & NUMBER_MASK;
    if (number === 0 || number <= this.#newest - WINDOW || this.#seen.has(number)) return false;
    this.#seen.add(number);
    if (number > this.#newest) {
      this.#newest = number;
      for (const each of this.#seen) if (each <= number - WINDOW) this.#seen.delete(each);
    }
    return true;
  }
}

/** The number at the start of an opened packet. */
export const numberOf = (plain: Uint8Array): number => readUint32(plain, 0);
