import { createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

import { ATTRIBUTE, HEADER_BYTES, INTEGRITY_BYTES, KIND, MAGIC_COOKIE, TRANSACTION_BYTES } from './stun-constants.ts';
import { addressOfBytes, type TransportAddress } from './transport-address.ts';

/** XORed with the CRC-32 (RFC 8489, 14.7). */
export const FINGERPRINT_XOR = 0x5354554e;

const ATTRIBUTE_HEADER = 4;
/** Most attributes of a message; ours need 8. */
const ATTRIBUTES_MAX = 32;

const LENGTH_AT = 2;
const COOKIE_AT = 4;
const TRANSACTION_AT = 8;

interface Attribute {
  type: number;
  /** Where its value begins and ends in the packet. */
  from: number;
  to: number;
}

/** One STUN message as it came: parts of the packet, nothing copied. */
export class StunMessage {
  readonly method: number;
  /** One of {@link KIND}. */
  readonly kind: number;
  readonly packet: Buffer;
  readonly hasFingerprint: boolean;
  readonly #attributes: readonly Attribute[];
  /** Where the header of MESSAGE-INTEGRITY begins; -1 if there is none. */
  readonly #integrityAt: number;

  private constructor(packet: Buffer, attributes: readonly Attribute[], ends: { integrityAt: number; hasFingerprint: boolean }) {
    const type = packet.readUInt16BE(0);
    this.method = (type & 0x000f) | ((type & 0x00e0) >> 1) | ((type & 0x3e00) >> 2);
    this.kind = ((type & 0x0010) >> 4) | ((type & 0x0100) >> 7);
    this.packet = packet;
    this.hasFingerprint = ends.hasFingerprint;
    this.#attributes = attributes;
    this.#integrityAt = ends.integrityAt;
  }

  /** Reads a packet. @returns undefined if it is no STUN message, is cut off, or has a wrong FINGERPRINT */
  static parse(packet: Buffer): StunMessage | undefined {
    if (packet.length < HEADER_BYTES || packet[0]! >= 0x40 || packet.readUInt32BE(COOKIE_AT) !== MAGIC_COOKIE) return undefined;
    if (packet.readUInt16BE(LENGTH_AT) !== packet.length - HEADER_BYTES || packet.length % 4 !== 0) return undefined;
    const attributes: Attribute[] = [];
    let integrityAt = -1;
    let hasFingerprint = false;
    for (let at = HEADER_BYTES; at < packet.length; ) {
      const type = packet.readUInt16BE(at);
      const from = at + ATTRIBUTE_HEADER;
      const to = from + packet.readUInt16BE(at + 2);
      if (to > packet.length || hasFingerprint || attributes.length >= ATTRIBUTES_MAX) return undefined;
      if (type === ATTRIBUTE.fingerprint) {
        if (to - from !== 4 || packet.readUInt32BE(from) !== (crc32(packet.subarray(0, at)) ^ FINGERPRINT_XOR) >>> 0) return undefined;
        hasFingerprint = true;
      } else if (integrityAt < 0) {
        // What follows MESSAGE-INTEGRITY is not protected by it, and not looked at.
        if (type === ATTRIBUTE.messageIntegrity) {
          if (to - from !== INTEGRITY_BYTES) return undefined;
          integrityAt = at;
        }
        attributes.push({ type, from, to });
      }
      at = to + ((4 - (to & 3)) & 3);
    }
    return new StunMessage(packet, attributes, { integrityAt, hasFingerprint });
  }

  get transactionId(): Buffer {
    return this.packet.subarray(TRANSACTION_AT, HEADER_BYTES);
  }

  get hasIntegrity(): boolean {
    return this.#integrityAt >= 0;
  }

  /** The value of the first attribute of a type. */
  find(type: number): Buffer | undefined {
    for (const attribute of this.#attributes) if (attribute.type === type) return this.packet.subarray(attribute.from, attribute.to);
    return undefined;
  }

  /** The text of an attribute; undefined if it is missing or longer than `most` bytes. */
  findText(type: number, most: number): string | undefined {
    const value = this.find(type);
    return value === undefined || value.length > most ? undefined : value.toString('latin1');
  }

  /** A number of 32 bits. */
  findNumber(type: number): number | undefined {
    const value = this.find(type);
    return value?.length === 4 ? value.readUInt32BE(0) : undefined;
  }

  /** The addresses of all attributes of a type, without the XOR; undefined if one of them is none. */
  listAddresses(type: number): TransportAddress[] | undefined {
    const found: TransportAddress[] = [];
    for (const attribute of this.#attributes) {
      if (attribute.type !== type) continue;
      const address = this.#readAddress(attribute);
      if (address === undefined) return undefined;
      found.push(address);
    }
    return found;
  }

  /** The attributes that must be understood and are not in `known`. */
  listUnknown(known: ReadonlySet<number>): number[] {
    return this.#attributes.flatMap(({ type }) => (type < 0x8000 && !known.has(type) ? [type] : []));
  }

  /** Whether MESSAGE-INTEGRITY is there and was made with this key. */
  isSignedWith(key: Uint8Array): boolean {
    if (this.#integrityAt < 0) return false;
    const from = this.#integrityAt + ATTRIBUTE_HEADER;
    return timingSafeEqual(signatureOf(this.packet, this.#integrityAt, key), this.packet.subarray(from, from + INTEGRITY_BYTES));
  }

  #readAddress({ from, to }: Attribute): TransportAddress | undefined {
    const family = this.packet[from + 1];
    const length = family === 1 ? 4 : family === 2 ? 16 : 0;
    if (length === 0 || to - from !== 4 + length) return undefined;
    const bytes = Buffer.allocUnsafe(length);
    for (let index = 0; index < length; index++) bytes[index] = this.packet[from + 4 + index]! ^ this.packet[COOKIE_AT + index]!;
    return { address: addressOfBytes(bytes), port: this.packet.readUInt16BE(from + 2) ^ (MAGIC_COOKIE >>> 16) };
  }
}

/** HMAC-SHA1 of what stands before MESSAGE-INTEGRITY, with a length that ends behind it. */
export function signatureOf(packet: Buffer, integrityAt: number, key: Uint8Array): Buffer {
  const header = Buffer.from(packet.subarray(0, HEADER_BYTES));
  header.writeUInt16BE(integrityAt + ATTRIBUTE_HEADER + INTEGRITY_BYTES - HEADER_BYTES, LENGTH_AT);
  return createHmac('sha1', key).update(header).update(packet.subarray(HEADER_BYTES, integrityAt)).digest();
}

/** The type field of a method and a class. */
export function typeOf(method: number, kind: number): number {
  return (method & 0x000f) | ((method & 0x0070) << 1) | ((method & 0x0f80) << 2) | ((kind & 1) << 4) | ((kind & 2) << 7);
}

/** Whether a request belongs to the given transaction. */
export function isTransaction(message: StunMessage, transactionId: Uint8Array): boolean {
  return transactionId.length === TRANSACTION_BYTES && message.kind === KIND.request && message.transactionId.equals(transactionId);
}
