import { beforeEach, expect, test } from 'vitest';
import { Senders, SILENCE_MS } from '../../src/nats/senders.ts';

const A = 1n;
let senders: Senders;

beforeEach(() => {
  senders = new Senders();
  senders.restart(0);
});

test('numbers in order are no gap, one that is missing is, and only once', () => {
  expect([5, 6, 7].map((n) => senders.heardHint(A, n, 10))).toEqual([false, false, false]);
  expect([9, 10].map((n) => senders.heardHint(A, n, 10))).toEqual([true, false]);
  // Late or twice.
  expect([8, 10, 11].map((n) => senders.heardHint(A, n, 10))).toEqual([false, false, false]);
});

test('a beat that names a later message than was heard is a gap', () => {
  expect(senders.heardHint(A, 1, 10)).toBe(false);
  expect(senders.heardBeat(A, { sequence: 1, name: 'a' }, 20)).toBe(false);
  expect(senders.heardBeat(A, { sequence: 2, name: 'a' }, 30)).toBe(true);
  expect(senders.heardHint(A, 3, 40)).toBe(false);
});

test('a node that begins later is heard from its first message on, or there is a gap', () => {
  const later = SILENCE_MS + 1;
  expect(senders.heardHint(2n, 1, later)).toBe(false);
  expect(senders.heardHint(3n, 2, later)).toBe(true);
  expect(senders.heardBeat(4n, { sequence: 0, name: 'd' }, later)).toBe(false);
  expect(senders.heardBeat(5n, { sequence: 1, name: 'e' }, later)).toBe(true);
});

test('a node that falls silent is a gap once, one that said goodbye is none', () => {
  senders.heardBeat(A, { sequence: 0, name: 'a' }, 0);
  senders.heardBeat(2n, { sequence: 0, name: 'b' }, 0);
  senders.left(2n);
  expect(senders.isSilent([], SILENCE_MS - 1)).toBe(false);
  expect(senders.isSilent([], SILENCE_MS)).toBe(true);
  expect(senders.isSilent([], SILENCE_MS * 2)).toBe(false);
});

test('a node that ought to be heard is a gap after each time of silence until it is heard', () => {
  const silentAt = (ms: number): boolean => senders.isSilent(['a'], ms);
  expect([0, SILENCE_MS - 1, SILENCE_MS, SILENCE_MS + 1, 2 * SILENCE_MS].map(silentAt)).toEqual([false, false, true, false, true]);
  senders.heardBeat(A, { sequence: 0, name: 'a' }, 2 * SILENCE_MS + 1);
  expect([2 * SILENCE_MS + 2, 3 * SILENCE_MS, 3 * SILENCE_MS + 1, 4 * SILENCE_MS + 1].map(silentAt)).toEqual([false, false, true, true]);
});

test('invented senders fill no memory: beyond a thousand each message is a gap', () => {
  for (let id = 0n; id < 1000n; id++) senders.heardHint(id, 1, 1);
  expect(senders.heardHint(5000n, 1, 1)).toBe(true);
  expect(senders.heardHint(5000n, 2, 1)).toBe(true);
});
