import { describe, expect, it } from 'vitest';
import {
  authKeyIds,
  checkDhValue,
  concatBytes,
  createDhGroup,
  createSpareDhGroup,
  DH_PRIME,
  exchangeKeys,
  factorizePq,
  generatePq,
  igeDecrypt,
  igeEncrypt,
  initialSalt,
  newNonceHash,
  padBigEndian,
  sha1,
} from '../src/index.ts';
import * as sample from './auth-key-sample.ts';
import { divideByRho } from '../src/pq.ts';
import { seeded } from './seeded.ts';

const number = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const bytes = (value: bigint): Uint8Array => Uint8Array.from(Buffer.from(value.toString(16).padStart(512, '0'), 'hex'));

describe('the published key exchange', () => {
  it('derives the temporary AES key', () => {
    const { key, iv } = exchangeKeys(sample.newNonce, sample.serverNonce);
    expect(key).toEqual(sample.tmpAesKey);
    expect(iv).toEqual(sample.tmpAesIv);
  });

  it("decrypts and encrypts the server's answer", () => {
    expect(igeDecrypt(sample.encryptedAnswer, sample.tmpAesKey, sample.tmpAesIv)).toEqual(sample.answerWithHash);
    expect(igeEncrypt(sample.answerWithHash, sample.tmpAesKey, sample.tmpAesIv)).toEqual(sample.encryptedAnswer);
  });

  it("hashes and encrypts the client's data", () => {
    const withHash = concatBytes(sha1(sample.clientData), sample.clientData, sample.clientPadding);
    expect(igeEncrypt(withHash, sample.tmpAesKey, sample.tmpAesIv)).toEqual(sample.encryptedClientData);
  });

  it('computes the same key on both sides and proves it', () => {
    const group = createDhGroup(256);
    expect(new Uint8Array(group.agree(sample.b, sample.gA))).toEqual(sample.authKey);
    expect(newNonceHash(sample.newNonce, 1, sample.authKey)).toEqual(sample.newNonceHash1);
  });

  it('factorizes the challenge', () => {
    expect(factorizePq(sample.pq)).toEqual({ p: sample.p, q: sample.q });
  });
});

describe('Diffie-Hellman', () => {
  it('gives both sides the same key, with long and short secrets', () => {
    const random = seeded('dh');
    const server = createDhGroup(64);
    const client = createDhGroup(256);
    const a = server.generate(random);
    const b = client.generate(random);
    expect(a.secret).toHaveLength(64);
    expect(b.secret).toHaveLength(256);
    expect(server.agree(a.secret, b.shown)).toEqual(client.agree(b.secret, a.shown));
  });

  it('gives the same numbers without the test of the prime', () => {
    const [tested, spare] = [createDhGroup(64), createSpareDhGroup(64)];
    expect(spare.generate(seeded('dh'))).toEqual(tested.generate(seeded('dh')));
    expect(spare.agree(sample.b, sample.gA)).toEqual(sample.authKey);
    // Short secrets, and some with the highest bit set or with leading zeros, as hashes have.
    const { shown } = tested.generate(seeded('theirs'));
    for (const secret of ['01', 'ff'.repeat(32), `00${'80'.repeat(31)}`].map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')))) {
      expect(spare.agree(secret, shown)).toEqual(tested.agree(secret, shown));
    }
  });

  it('accepts exactly the range 2^(2048−64) … p − 2^(2048−64)', () => {
    const p = number(DH_PRIME);
    const edge = 1n << 1984n;
    for (const good of [edge, edge + 1n, p >> 1n, p - edge]) expect(checkDhValue(bytes(good))).toEqual(bytes(good));
    for (const bad of [0n, 1n, 2n, edge - 1n, p - edge + 1n, p - 1n, p, (1n << 2048n) - 1n]) expect(checkDhValue(bytes(bad))).toBeUndefined();
  });

  it('pads a number that lost its leading zeros, and refuses one that is too long', () => {
    const short = bytes(1n << 2000n).subarray(5);
    expect(checkDhValue(short)).toEqual(bytes(1n << 2000n));
    expect(checkDhValue(new Uint8Array(257).fill(0x11))).toBeUndefined();
    expect(checkDhValue(new Uint8Array(0))).toBeUndefined();
    expect(padBigEndian(Uint8Array.of(0, 0, 7), 2)).toEqual(Uint8Array.of(0, 7));
    expect(padBigEndian(Uint8Array.of(1, 0, 7), 2)).toBeUndefined();
  });
});

describe('pq', () => {
  it('is a product of two different primes and can be factorized by anyone', () => {
    const random = seeded('pq');
    for (let i = 0; i < 200; i++) {
      const { pq, p, q } = generatePq(random);
      expect(number(p)).toBeLessThan(number(q));
      expect(number(q)).toBeLessThan(1n << 31n);
      expect(number(p) * number(q)).toBe(number(pq));
      expect(number(pq)).toBeLessThan(1n << 63n);
      expect(factorizePq(pq)).toEqual({ p, q });
    }
  });

  it('falls back to another algorithm for the few numbers on which square forms fail', () => {
    const random = seeded('rho');
    for (let i = 0; i < 4; i++) {
      const { pq, p, q } = generatePq(random);
      expect([number(p), number(q)]).toContain(divideByRho(number(pq)));
    }
  });

  it('refuses what is not a product of two primes', () => {
    for (const bad of [[], [0], [1], [2], [13], [0x7f, 0xff, 0xff, 0xff]]) expect(() => factorizePq(Uint8Array.from(bad))).toThrow(RangeError);
    expect(() => factorizePq(new Uint8Array(9).fill(1))).toThrow(RangeError);
  });
});

describe('hashes of a key', () => {
  it('takes the id from the end and the auxiliary hash from the start of SHA-1', () => {
    const digest = Buffer.from(sha1(sample.authKey));
    expect(authKeyIds(sample.authKey)).toEqual({ id: digest.readBigInt64LE(12), auxHash: digest.readBigInt64LE(0) });
  });

  it('derives the first salt from both nonces', () => {
    const salt = Buffer.alloc(8);
    for (let i = 0; i < 8; i++) salt[i] = sample.newNonce[i]! ^ sample.serverNonce[i]!;
    expect(initialSalt(sample.newNonce, sample.serverNonce)).toBe(salt.readBigInt64LE());
  });
});
