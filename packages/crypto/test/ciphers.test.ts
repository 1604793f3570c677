import { createHash, createCipheriv } from 'node:crypto';
import { NodeCryptoProvider } from '@mtcute/node/utils.js';
import { createAesIgeForMessage, createAesIgeForMessageOld } from '@mtcute/core/utils.js';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  concatBytes,
  createCtr,
  equalBytes,
  igeDecrypt,
  igeEncrypt,
  igeEncryptInto,
  messageKeys,
  messageKeysV1,
  msgKeyLarge,
  openMessage,
  openMessageV1,
  quickAckToken,
  sealMessage,
  sealMessageV1,
  sha1,
  sha1Of,
  sha256,
  sha256Of,
  xorBytes,
} from '../src/index.ts';
import { authKey } from './auth-key-sample.ts';
import { seeded } from './seeded.ts';

const random = seeded('ciphers');
const plain = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes);
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

// Lengths on both sides of every change of algorithm.
const LENGTHS = [16, 32, 48, 112, 1_024, 2_032, 2_048, 2_064, 4_096, 65_536, 65_552, 200_000];

describe('AES-256-IGE', () => {
  it('gives the same result as mtcute, at every length and alignment', () => {
    const peer = new NodeCryptoProvider();
    return Promise.resolve(peer.initialize()).then(() => {
      for (const length of LENGTHS) {
        const key = random.bytes(32);
        const iv = random.bytes(32);
        const data = random.bytes(length + 1).subarray(1);
        const encrypted = igeEncrypt(data, key, iv);
        expect(equalBytes(encrypted, peer.createAesIge(key, iv).encrypt(data)), `${length}`).toBe(true);
        expect(equalBytes(igeDecrypt(encrypted, key, iv), data), `${length}`).toBe(true);
        // In both cases of alignment; the memory around it stays as it is.
        for (const at of [24, 25]) {
          const target = new Uint8Array(length + 50).fill(7);
          igeEncryptInto(target.subarray(at, at + length), data, key, iv);
          expect(equalBytes(target, concatBytes(new Uint8Array(at).fill(7), encrypted, new Uint8Array(50 - at).fill(7))), `${length} at ${at}`).toBe(true);
        }
      }
    });
  });

  it('keeps results apart, although it uses its own memory again', () => {
    const [key, iv] = [random.bytes(32), random.bytes(32)];
    const data = [300_000, 2_048, 1_500_000, 70_000].map((length) => random.bytes(length - (length % 16)));
    const results = data.map((one) => igeEncrypt(one, key, iv));
    for (const [i, result] of results.entries()) expect(equalBytes(igeDecrypt(result, key, iv), data[i]!), `${i}`).toBe(true);
    expect(() => igeEncryptInto(new Uint8Array(32), new Uint8Array(48), key, iv)).toThrow(RangeError);
  });

  it('follows its definition', () => {
    const key = random.bytes(32);
    const iv = random.bytes(32);
    const data = random.bytes(80);
    let [before, beforePlain] = [iv.subarray(0, 16), iv.subarray(16)];
    const expected = [];
    for (let at = 0; at < data.length; at += 16) {
      const block = data.subarray(at, at + 16);
      const ecb = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
      before = xorBytes(ecb.update(xorBytes(block, before)), beforePlain);
      beforePlain = block;
      expected.push(before);
    }
    expect(plain(igeEncrypt(data, key, iv))).toEqual(concatBytes(...expected));
  });

  it('refuses wrong lengths', () => {
    const good = new Uint8Array(32);
    for (const length of [1, 15, 17, 2_049]) expect(() => igeEncrypt(new Uint8Array(length), good, good)).toThrow(RangeError);
    for (const length of [0, 16, 31, 33]) {
      expect(() => igeDecrypt(good, new Uint8Array(length), good)).toThrow(RangeError);
      expect(() => igeDecrypt(good, good, new Uint8Array(length))).toThrow(RangeError);
    }
    expect(igeEncrypt(new Uint8Array(0), good, good)).toHaveLength(0);
  });
});

describe('AES-256-CTR', () => {
  it('keeps its counter over pieces of any size (NIST SP 800-38A, F.5.5)', () => {
    const key = hex('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4');
    const iv = hex('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff');
    const text = hex('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710');
    const expected = '601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c52b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6';
    const stream = createCtr(key, iv);
    const pieces = [[0, 1], [1, 17], [17, 50], [50, 64]].map(([from, to]) => stream.process(text.subarray(from, to)));
    expect(Buffer.from(concatBytes(...pieces)).toString('hex')).toBe(expected);
  });

  it('refuses wrong lengths', () => {
    expect(() => createCtr(new Uint8Array(16), new Uint8Array(16))).toThrow(RangeError);
    expect(() => createCtr(new Uint8Array(32), new Uint8Array(32))).toThrow(RangeError);
  });
});

describe('hashes', () => {
  it('agree with node:crypto at every length', () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 127, 128, 5_000]) {
      const data = random.bytes(length);
      expect(plain(sha1(data))).toEqual(plain(createHash('sha1').update(data).digest()));
      expect(plain(sha256(data))).toEqual(plain(createHash('sha256').update(data).digest()));
    }
    expect(plain(sha1Of(hex('00'), hex('0102')))).toEqual(plain(sha1(hex('000102'))));
    expect(plain(sha256Of(hex('00'), hex('0102')))).toEqual(plain(sha256(hex('000102'))));
  });

  it('compare in constant time, and only equal lengths are equal', () => {
    expect(equalBytes(hex('0102'), hex('0102'))).toBe(true);
    expect(equalBytes(hex('0102'), hex('0103'))).toBe(false);
    expect(equalBytes(hex('0102'), hex('010203'))).toBe(false);
  });
});

describe('messages', () => {
  const peer = new NodeCryptoProvider();
  beforeAll(() => peer.initialize());
  const id = hex('0102030405060708');

  it.each(['to-server', 'to-client'] as const)('%s can be decrypted by mtcute', (direction) => {
    const isClient = direction === 'to-server';
    for (const length of LENGTHS) {
      const padded = random.bytes(Math.max(48, length));
      const packet = sealMessage(authKey, id, padded, direction);
      expect(plain(packet.subarray(0, 8))).toEqual(id);
      const msgKey = packet.subarray(8, 24);
      const opened = createAesIgeForMessage(peer, authKey, msgKey, isClient).decrypt(packet.subarray(24));
      expect(equalBytes(opened, padded)).toBe(true);
      const keys = messageKeys(authKey, msgKey, direction);
      expect(equalBytes(igeEncrypt(padded, keys.key, keys.iv), packet.subarray(24))).toBe(true);
      const large = msgKeyLarge(authKey, padded, direction);
      expect(equalBytes(large.subarray(8, 24), msgKey)).toBe(true);
      const ours = openMessage(authKey, packet, direction);
      expect(equalBytes(ours?.plaintext ?? new Uint8Array(0), padded)).toBe(true);
      expect(ours?.quickAckToken).toBe((Buffer.from(large).readUInt32LE(0) | 0x80000000) >>> 0);
      expect(quickAckToken(large)).toBe(ours?.quickAckToken);
    }
  });

  it('cannot be decrypted in the other direction, with a changed bit, or at impossible lengths', () => {
    for (const length of [48, 3_200]) {
      const packet = sealMessage(authKey, id, random.bytes(length), 'to-server');
      expect(openMessage(authKey, packet, 'to-client')).toBeUndefined();
      for (const at of [8, 23, 24, packet.length - 1]) {
        const changed = plain(packet);
        changed[at]! ^= 0x10;
        expect(openMessage(authKey, changed, 'to-server')).toBeUndefined();
      }
      expect(openMessage(authKey, packet.subarray(0, packet.length - 1), 'to-server')).toBeUndefined();
      expect(openMessage(authKey, packet.subarray(0, 24 + 32), 'to-server')).toBeUndefined();
    }
    for (let length = 0; length < 72; length++) expect(openMessage(authKey, new Uint8Array(length), 'to-server')).toBeUndefined();
  });

  it('of MTProto 1.0 (bindTempAuthKey) match mtcute and check length and padding', () => {
    const message = random.bytes(32 + 40);
    new DataView(message.buffer).setUint32(28, 40, true);
    const packet = sealMessageV1({ bytes: authKey, idBytes: id }, message, random.bytes(8), 'to-server');
    const msgKey = packet.subarray(8, 24);
    expect(plain(msgKey)).toEqual(plain(sha1(message)).slice(4, 20));
    const peers = createAesIgeForMessageOld(peer, authKey, msgKey, true).decrypt(packet.subarray(24));
    expect(plain(peers.subarray(0, 72))).toEqual(message);
    expect(openMessageV1(authKey, packet, 'to-server')).toEqual(message);
    expect(openMessageV1(authKey, packet, 'to-client')).toBeUndefined();
    expect(openMessageV1(authKey, packet.subarray(0, 40), 'to-server')).toBeUndefined();
    const lying = plain(message);
    new DataView(lying.buffer).setUint32(28, 4_000_000_000, true);
    expect(openMessageV1(authKey, sealMessageV1({ bytes: authKey, idBytes: id }, lying, random.bytes(8), 'to-server'), 'to-server')).toBeUndefined();
    expect(messageKeysV1(authKey, msgKey, 'to-server').key).toHaveLength(32);
  });
});
