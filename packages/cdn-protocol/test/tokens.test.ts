import { deriveNodeKeys, MAX_TOKEN_S, readFileToken, readRequestToken, writeFileToken, writeRequestToken } from '@aerogram/cdn-protocol';
import { expect, test } from 'vitest';

const NOW = 1_800_000_000;
const { token: key } = deriveNodeKeys(new Uint8Array(32).fill(1));
const { token: otherKey } = deriveNodeKeys(new Uint8Array(32).fill(2));
const file = { fileId: new Uint8Array(16).fill(7), size: 5_000_000, expires_date: NOW + 600, sealed: new Uint8Array([1, 2, 3]) };

test('a file token says what it was written with', () => {
  expect(readFileToken(key, writeFileToken(key, file), NOW)).toEqual(file);
});

test('a file token is not valid with a changed bit anywhere, cut short, or longer', () => {
  const token = writeFileToken(key, file);
  for (let bit = 0; bit < token.length * 8; bit++) {
    const changed = Uint8Array.from(token);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(readFileToken(key, changed, NOW)).toBeUndefined();
  }
  for (let length = 0; length < token.length; length++) expect(readFileToken(key, token.subarray(0, length), NOW)).toBeUndefined();
  expect(readFileToken(key, Buffer.concat([token, Buffer.alloc(1)]), NOW)).toBeUndefined();
  expect(readFileToken(key, new Uint8Array(5000), NOW)).toBeUndefined();
});

test('a file token of one node is not valid at another', () => {
  expect(readFileToken(otherKey, writeFileToken(key, file), NOW)).toBeUndefined();
});

test('a file token ends at its date, and none is valid for longer than an hour', () => {
  expect(readFileToken(key, writeFileToken(key, file), file.expires_date - 1)).toBeDefined();
  expect(readFileToken(key, writeFileToken(key, file), file.expires_date)).toBeUndefined();
  expect(readFileToken(key, writeFileToken(key, { ...file, expires_date: NOW + MAX_TOKEN_S }), NOW)).toBeDefined();
  expect(readFileToken(key, writeFileToken(key, { ...file, expires_date: NOW + MAX_TOKEN_S + 1 }), NOW)).toBeUndefined();
});

test('a request token names its window, for its file and its node only, for some minutes', () => {
  const token = writeRequestToken(key, file.fileId, 4, NOW);
  expect(readRequestToken(key, file.fileId, token, NOW + 299)).toEqual({ window: 4, date: NOW });
  expect(readRequestToken(key, file.fileId, token, NOW + 301)).toBeUndefined();
  expect(readRequestToken(key, new Uint8Array(16), token, NOW)).toBeUndefined();
  expect(readRequestToken(otherKey, file.fileId, token, NOW)).toBeUndefined();
  for (let bit = 0; bit < token.length * 8; bit++) {
    const changed = Uint8Array.from(token);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(readRequestToken(key, file.fileId, changed, NOW)).toBeUndefined();
  }
});
