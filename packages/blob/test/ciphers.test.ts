import { createCipheriv, createHash } from 'node:crypto';
import { seededRandom } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { BLOCK_BYTES, createBlobKey, cryptBlob, fileIdentity, hashBlocks } from '../src/index.ts';

const random = seededRandom('ciphers');

test('any range of a blob is decrypted alone, as one AES-256-CTR stream from a zero counter', () => {
  const key = createBlobKey(random);
  const bytes = random.bytes(100_000);
  const expected = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(bytes);
  expect(Buffer.from(cryptBlob(key, 0, bytes)).equals(expected)).toBe(true);
  for (const [from, to] of [[0, 1], [1, 15], [15, 17], [16, 32], [33, 65_537], [99_999, 100_000], [50_000, 50_000]] as const) {
    expect(Buffer.from(cryptBlob(key, from, expected.subarray(from, to)))).toEqual(Buffer.from(bytes.subarray(from, to)));
  }
});

test('the counter is right beyond 4 GiB and beyond 2^32 blocks', () => {
  const key = createBlobKey(random);
  const at = 2 ** 36 + 2 ** 33;
  const iv = Buffer.alloc(16);
  iv.writeBigUInt64BE(BigInt(at / 16), 8);
  expect(Buffer.from(cryptBlob(key, at + 5, Buffer.alloc(40)))).toEqual(
    createCipheriv('aes-256-ctr', key, iv).update(Buffer.alloc(45)).subarray(5),
  );
});

test('the identity of a file depends on its content alone', () => {
  const bytes = random.bytes(2 * BLOCK_BYTES + 77);
  const sha256 = (part: Uint8Array): Buffer => createHash('sha256').update(part).digest();
  const hashes = [0, 1, 2].map((block) => sha256(bytes.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES)));
  expect(Buffer.from(hashBlocks(bytes))).toEqual(Buffer.concat(hashes));
  const identity = fileIdentity(bytes.length, hashBlocks(bytes));
  const size = Buffer.alloc(8);
  size.writeUInt32BE(bytes.length, 4);
  expect(Buffer.from(identity)).toEqual(sha256(Buffer.concat([size, ...hashes])));
  expect(fileIdentity(bytes.length - 1, hashBlocks(bytes))).not.toEqual(identity);
});
