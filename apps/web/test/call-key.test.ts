import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import { KEY_EMOJI } from '../src/page/calls/key-emoji.ts';
import { checkGroup, emojiOf, fingerprintOf, makeKey, makeSide } from '../src/worker/calls/key-exchange.ts';
import { PRIME } from './prime.ts';

const HASHES = { sha1, sha256 };
const hashOf = (data: Uint8Array): string => bytesToHex(sha256(data));
/** Bytes that are no secret: each a step further than the one before. */
const counting = (step: number, from: number) => (bytes: Uint8Array): void => bytes.forEach((_, at) => (bytes[at] = at * step + from));

describe('the key of a call', () => {
  test('is the same on both sides, and as another program computes it', () => {
    const group = checkGroup({ p: PRIME, g: 3 })!;
    const [ann, bob] = [makeSide(group, counting(7, 1)), makeSide(group, counting(11, 3))];
    // Computed with Python.
    expect([hashOf(ann.power), hashOf(bob.power)]).toEqual(['3b1f3d347abb7e338e21a523097055acf877cb05e009ecb08104529613078aaf', 'fd5c70d13b7610d30a3c0035260744c654fe845f25c487b0e1e6f0ba1cf0ec91']);
    const keys = [makeKey(ann.secret, bob.power)!, makeKey(bob.secret, ann.power)!];
    expect(keys.map(hashOf)).toEqual(Array.from({ length: 2 }, () => 'f57f134af8866510d8b1a230297a8def7567b65a9ac98ca4394a184381113f23'));
    expect(keys[0]).toHaveLength(256);
  });

  test('is not computed with other primes and bases, nor from powers outside of the range', () => {
    const changed = Uint8Array.from(PRIME);
    changed[255]! ^= 2;
    expect([checkGroup({ p: changed, g: 3 }), ...[0, 1, 2, 8].map((g) => checkGroup({ p: PRIME, g }))]).toEqual(Array.from({ length: 5 }, () => undefined));
    const withByte = (place: number, byte: number): Uint8Array => Uint8Array.from({ length: 256 }, (_, at) => (at === place ? byte : 0));
    const almost = Uint8Array.from(PRIME);
    almost[255]!--;
    // The eight highest bytes must not all be zero, nor those of the prime.
    const powers = [new Uint8Array(), withByte(255, 0), withByte(255, 1), withByte(255, 2), withByte(8, 0xff), withByte(0, 0xff), PRIME, almost, new Uint8Array(257).fill(1)];
    for (const power of powers) expect(makeKey(12_345n, power)).toBeUndefined();
    expect(makeKey(12_345n, withByte(7, 2))).toHaveLength(256);
  });

  test('has the fingerprint and the emoji that other clients show', () => {
    const key = Uint8Array.from({ length: 256 }, (_, at) => at);
    const power = Uint8Array.from({ length: 256 }, (_, at) => 255 - at);
    const { low, high } = fingerprintOf(key, HASHES);
    expect((BigInt(high) << 32n) | BigInt(low >>> 0)).toBe(-3972359982579920590n);
    expect(emojiOf(key, power, HASHES).map((at) => KEY_EMOJI[at]!.emoji)).toEqual(['🌵', '🍴', '👞', '🙀']);
  });

  test('has a picture of 333 different emoji, each with a name', () => {
    expect(KEY_EMOJI).toHaveLength(333);
    expect(new Set(KEY_EMOJI.map(({ emoji }) => emoji)).size).toBe(333);
    expect(KEY_EMOJI.filter(({ emoji, name }) => name === '' || !/\p{Emoji}/u.test(emoji))).toEqual([]);
    // The whole list, in its order, as it stands in TDLib.
    expect(hashOf(utf8ToBytes(KEY_EMOJI.map(({ emoji }) => emoji.replaceAll('\uFE0F', '')).join(' ')))).toBe('af2c983918a0f1248c6b6aa790127a9d87347ff5c02a642a7a2a29d1ad83bd99');
  });
});
