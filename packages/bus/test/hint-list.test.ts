import { expect, test } from 'vitest';
import { decodeHints, encodeHints } from '../src/index.ts';

test('a list of hints is read by somebody who knows no names', () => {
  const hints = [
    { topic: 'accounts', hint: { kind: 'relation', userIds: [1n, 2n] } },
    { topic: 'auth:5', hint: { reason: 'ended' } },
    { topic: 'accounts', hint: { kind: 'relation', userIds: [1n, 3n] } },
  ];
  expect(decodeHints(encodeHints(hints))).toEqual(hints);
  expect(decodeHints(encodeHints([{ topic: 'a', hint: 1 }]))).toEqual([{ topic: 'a', hint: 1 }]);
  expect(decodeHints(encodeHints([]))).toEqual([]);
});

test('other bytes are refused', () => {
  const bytes = encodeHints([{ topic: 'accounts', hint: { kind: 'user', userId: 1n } }]);
  for (let end = 0; end < bytes.length; end++) expect(() => decodeHints(bytes.subarray(0, end)), String(end)).toThrow();
});
