import { crc32 } from 'node:zlib';
import { addressBytes } from '@aerogram/runtime';

import { ATTRIBUTE, type ErrorCode, HEADER_BYTES, INTEGRITY_BYTES, MAGIC_COOKIE, REASON } from './stun-constants.ts';
import { FINGERPRINT_XOR, signatureOf, typeOf } from './stun-message.ts';
import type { TransportAddress } from './transport-address.ts';

/** Room for everything but data; longer messages get more. */
const ROOM = 512;

/** Writes one STUN message. */
export class StunWriter {
  #packet: Buffer;
  #length = HEADER_BYTES;

  constructor(method: number, kind: number, transactionId: Uint8Array) {
    this.#packet = Buffer.allocUnsafe(ROOM);
    this.#packet.writeUInt16BE(typeOf(method, kind), 0);
    this.#packet.writeUInt32BE(MAGIC_COOKIE, 4);
    this.#packet.set(transactionId, 8);
  }

  add(type: number, value: Uint8Array): this {
    const at = this.#header(type, value.length);
    this.#packet.set(value, at);
    return this;
  }

  addText(type: number, value: string): this {
    return this.add(type, Buffer.from(value, 'latin1'));
  }

  addNumber(type: number, value: number): this {
    this.#packet.writeUInt32BE(value, this.#header(type, 4));
    return this;
  }

  /** Adds an address, XORed with cookie and transaction. */
  addAddress(type: number, { address, port }: TransportAddress): this {
    const bytes = addressBytes(address);
    const at = this.#header(type, 4 + bytes.length);
    this.#packet[at] = 0;
    this.#packet[at + 1] = bytes.length === 4 ? 1 : 2;
    this.#packet.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), at + 2);
    for (const [index, byte] of bytes.entries()) this.#packet[at + 4 + index] = byte ^ this.#packet[4 + index]!;
    return this;
  }

  addError(code: ErrorCode): this {
    const reason = REASON[code];
    const at = this.#header(ATTRIBUTE.errorCode, 4 + reason.length);
    this.#packet.writeUInt32BE((Math.floor(code / 100) << 8) | code % 100, at);
    this.#packet.write(reason, at + 4, 'latin1');
    return this;
  }

  /** @param key adds MESSAGE-INTEGRITY @param withFingerprint adds FINGERPRINT */
  finish(key?: Uint8Array, withFingerprint = false): Buffer {
    if (key !== undefined) {
      const integrityAt = this.#length;
      const at = this.#header(ATTRIBUTE.messageIntegrity, INTEGRITY_BYTES);
      this.#packet.set(signatureOf(this.#packet, integrityAt, key), at);
    }
    const end = this.#length;
    if (withFingerprint) {
      const at = this.#header(ATTRIBUTE.fingerprint, 4);
      this.#packet.writeUInt16BE(this.#length - HEADER_BYTES, 2);
      this.#packet.writeUInt32BE((crc32(this.#packet.subarray(0, end)) ^ FINGERPRINT_XOR) >>> 0, at);
    }
    this.#packet.writeUInt16BE(this.#length - HEADER_BYTES, 2);
    return this.#packet.subarray(0, this.#length);
  }

  /** Writes type and length, and zeros where the value is padded. @returns where the value begins */
  #header(type: number, length: number): number {
    const at = this.#length;
    const padded = (length + 3) & ~3;
    const end = at + 4 + padded;
    if (end > this.#packet.length) {
      const larger = Buffer.allocUnsafe(end + ROOM);
      this.#packet.copy(larger, 0, 0, at);
      this.#packet = larger;
    }
    this.#packet.writeUInt16BE(type, at);
    this.#packet.writeUInt16BE(length, at + 2);
    this.#packet.fill(0, at + 4 + length, end);
    this.#length = end;
    return at + 4;
  }
}
