import { createDecipheriv } from 'node:crypto';
import { cryptPart, deriveFileId, deriveFileKey, ivAt } from '@aerogram/cdn-protocol';
import { expect, test } from 'vitest';

const secret = new Uint8Array(32).fill(3);
const file = { identity: new Uint8Array(32).fill(4), epoch: 20_000 };
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('each part decrypts alone, with the counter of its offset in the last four bytes of the iv', () => {
  const made = deriveFileKey(secret, file);
  const plain = Buffer.from(Array.from({ length: 3 * 4096 + 5 }, (_, at) => (at * 7) & 255));
  const whole = cryptPart(made, 0, plain);
  expect(Buffer.compare(whole, plain)).not.toBe(0);
  for (const offset of [0, 16, 4096, 8192, 12_288]) {
    // As a client does it, without code of this package.
    const iv = Buffer.from(made.iv);
    iv.writeUInt32BE(offset / 16, 12);
    const part = createDecipheriv('aes-256-ctr', made.key, iv).update(whole.subarray(offset));
    expect(Buffer.compare(part, plain.subarray(offset))).toBe(0);
    expect(Buffer.compare(cryptPart(made, offset, plain.subarray(offset)), whole.subarray(offset))).toBe(0);
  }
  expect(() => ivAt(made.iv, 8)).toThrow(RangeError);
});

test('the counter does not change the rest of the iv, up to its highest value', () => {
  const { iv } = deriveFileKey(secret, file);
  expect(hex(iv).slice(24)).toBe('00000000');
  expect(hex(ivAt(iv, (2 ** 32 - 1) * 16))).toBe(`${hex(iv).slice(0, 24)}ffffffff`);
});

test('every file and epoch has a key of its own, and every node another name for it', () => {
  const keys = [file, { ...file, epoch: 20_001 }, { ...file, identity: new Uint8Array(32) }].map((one) => hex(deriveFileKey(secret, one).key));
  expect(new Set([...keys, hex(deriveFileKey(new Uint8Array(32), file).key)]).size).toBe(4);
  expect(hex(deriveFileKey(secret, file).key)).toBe(keys[0]);
  const ids = [deriveFileId(secret, file, 'a'), deriveFileId(secret, file, 'b'), deriveFileId(secret, { ...file, epoch: 1 }, 'a')].map(hex);
  expect(new Set(ids).size).toBe(3);
  expect(ids[0]).toHaveLength(32);
});
