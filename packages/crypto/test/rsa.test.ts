import { generateKeyPairSync } from 'node:crypto';
import { parsePublicKey } from '@mtcute/core/utils.js';
import { NodeCryptoProvider } from '@mtcute/node/utils.js';
import { describe, expect, it } from 'vitest';
import {
  concatBytes,
  equalBytes,
  readRsaPrivateKey,
  readRsaPublicKey,
  rsaDecryptBlock,
  rsaEncryptBlock,
  rsaPadEncrypt,
  rsaPadOpen,
  sha1,
  sha1PadEncrypt,
  sha1PadOpen,
} from '../src/index.ts';
import { seeded } from './seeded.ts';

const random = seeded('rsa');
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = readRsaPrivateKey(pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());

// Telegram's own key, whose fingerprint is published in the documentation's example.
const TELEGRAM = `-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEA6LszBcC1LGzyr992NzE0ieY+BSaOW622Aa9Bd4ZHLl+TuFQ4lo4g
5nKaMBwK/BIb9xUfg0Q29/2mgIR6Zr9krM7HjuIcCzFvDtr+L0GQjae9H0pRB2OO
62cECs5HKhT5DZ98K33vmWiLowc621dQuwKWSQKjWf50XYFw42h21P2KXUGyp2y/
+aEyZ+uVgLLQbRA1dEjSDZ2iGRy12Mk5gpYc397aYp438fsJoHIgJ2lgMv5h7WY9
t6N/byY9Nw9p21Og3AoXSL2q/2IJ1WRUhebgAdGVMlV1fkuOQoEzR7EdpqtQD9Cs
5+bfo3Nhmcyvk5ftB0WkJ9z6bNZ7yxrP8wIDAQAB
-----END RSA PUBLIC KEY-----`;

describe('fingerprints', () => {
  it("of Telegram's key is the published one", () => {
    expect(readRsaPublicKey(TELEGRAM).fingerprint).toBe(BigInt.asIntN(64, 0xd09d1d85de64fd85n));
  });

  it('are the same as mtcute computes from the PEM shown to clients', async () => {
    const peer = new NodeCryptoProvider();
    await peer.initialize();
    const theirs = parsePublicKey(peer, key.pem);
    expect(BigInt.asIntN(64, BigInt(`0x${theirs.fingerprint}`))).toBe(key.fingerprint);
    expect(key.pem).toMatch(/^-----BEGIN RSA PUBLIC KEY-----/);
    expect(readRsaPublicKey(key.pem).fingerprint).toBe(key.fingerprint);
    expect(readRsaPrivateKey(key.privatePem).fingerprint).toBe(key.fingerprint);
  });

  it('are only computed for RSA-2048', () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    expect(() => readRsaPrivateKey(short.export({ format: 'pem', type: 'pkcs1' }).toString())).toThrow(TypeError);
    const other = generateKeyPairSync('ed25519').privateKey;
    expect(() => readRsaPrivateKey(other.export({ format: 'pem', type: 'pkcs8' }).toString())).toThrow(TypeError);
  });
});

describe('RSA_PAD', () => {
  it('can be reversed to the data and its padding', () => {
    for (const length of [0, 1, 96, 144]) {
      const data = random.bytes(length);
      const encrypted = rsaPadEncrypt(data, key, random);
      expect(encrypted).toHaveLength(256);
      const padded = rsaPadOpen(rsaDecryptBlock(key, encrypted)!);
      expect(padded).toHaveLength(192);
      expect(equalBytes(padded!.subarray(0, length), data)).toBe(true);
    }
    expect(() => rsaPadEncrypt(new Uint8Array(145), key, random)).toThrow(RangeError);
  });

  it('is refused when anything was changed', () => {
    const block = rsaDecryptBlock(key, rsaPadEncrypt(random.bytes(100), key, random))!;
    for (const at of [0, 31, 32, 200, 255]) {
      const changed = Uint8Array.from(block);
      changed[at]! ^= 1;
      expect(rsaPadOpen(changed)).toBeUndefined();
    }
    expect(rsaPadOpen(new Uint8Array(256))).toBeUndefined();
  });
});

describe('the older padding', () => {
  const lengthOf = (bytes: Uint8Array): number | undefined => bytes[0];
  it('can be reversed to the data', () => {
    const data = concatBytes(Uint8Array.of(96), random.bytes(95));
    const block = rsaDecryptBlock(key, sha1PadEncrypt(data, key, random))!;
    expect(equalBytes(sha1PadOpen(block, lengthOf)!, data)).toBe(true);
    expect(rsaPadOpen(block)).toBeUndefined();
  });

  it('refuses wrong hashes and lengths', () => {
    const data = concatBytes(Uint8Array.of(96), random.bytes(95));
    const block = concatBytes(Uint8Array.of(0), sha1(data), data, random.bytes(235 - 96));
    expect(sha1PadOpen(block, () => undefined)).toBeUndefined();
    expect(sha1PadOpen(block, () => 95)).toBeUndefined();
    expect(sha1PadOpen(block, () => 1_000)).toBeUndefined();
    const changed = Uint8Array.from(block);
    changed[5]! ^= 1;
    expect(sha1PadOpen(changed, lengthOf)).toBeUndefined();
    changed[5]! ^= 1;
    changed[0] = 1;
    expect(sha1PadOpen(changed, lengthOf)).toBeUndefined();
    expect(() => sha1PadEncrypt(new Uint8Array(236), key, random)).toThrow(RangeError);
  });
});

describe('raw RSA', () => {
  it('is reversible, and refuses blocks that are not numbers below the modulus', () => {
    const block = concatBytes(Uint8Array.of(0), random.bytes(255));
    expect(equalBytes(rsaDecryptBlock(key, rsaEncryptBlock(key, block))!, block)).toBe(true);
    expect(rsaDecryptBlock(key, new Uint8Array(256).fill(0xff))).toBeUndefined();
    expect(rsaDecryptBlock(key, new Uint8Array(255))).toBeUndefined();
    expect(rsaDecryptBlock(key, new Uint8Array(0))).toBeUndefined();
    expect(() => rsaEncryptBlock(key, new Uint8Array(256).fill(0xff))).toThrow(/too large|data/);
  });
});
