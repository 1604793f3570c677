import { expect, test } from 'vitest';
import { EndedCalls } from '../src/ended-calls.ts';

test('the last 128 calls of a session are remembered, with those that failed', () => {
  const ended = new EndedCalls();
  expect([ended.find(0n), ended.find(4n)]).toEqual([undefined, undefined]);
  for (let call = 1; call <= 300; call++) {
    ended.add(BigInt(call * 4), call % 3 === 0 ? 'failed' : 'ok');
    expect(ended.find(BigInt(call * 4))).toBe(call % 3 === 0 ? 'failed' : 'ok');
    const first = Math.max(1, call - 127);
    expect(ended.find(BigInt(first * 4))).toBe(first % 3 === 0 ? 'failed' : 'ok');
    expect(ended.find(BigInt((first - 1) * 4))).toBeUndefined();
  }
});
