import { seededRandom } from '@aerogram/runtime';
import { encode } from '@aerogram/tl';
import { expect, test } from 'vitest';
import { DEFAULT_REPEAT_LIMITS, RepeatedCalls } from '../src/repeated-calls.ts';

const state = encode({ _: 'updates.getState' });
const other = encode({ _: 'help.getConfig' });

/** Calls at a steady rate, ignoring refusals. @returns the seconds at which calls ran, and the longest wait */
function callAt(calls: RepeatedCalls, perSecond: number, seconds: number, body = state): { ran: number[]; mostWaitS: number } {
  const ran: number[] = [];
  let mostWaitS = 0;
  for (let n = 0; n < perSecond * seconds; n++) {
    const nowMs = (n * 1000) / perSecond;
    const waitS = calls.take(1, body, nowMs);
    if (waitS === 0) ran.push(nowMs / 1000);
    else mostWaitS = Math.max(mostWaitS, waitS);
  }
  return { ran, mostWaitS };
}

test('polling a few times a second is not limited, for however long', () => {
  for (const perSecond of [1, 4, 20]) {
    const calls = new RepeatedCalls(DEFAULT_REPEAT_LIMITS);
    expect(callAt(calls, perSecond, 300).ran).toHaveLength(perSecond * 300);
  }
});

test('a call repeated dozens of times a second is refused, and then runs only now and then', () => {
  for (const perSecond of [58, 120, 400]) {
    const { ran, mostWaitS } = callAt(new RepeatedCalls(DEFAULT_REPEAT_LIMITS), perSecond, 60);
    const firstSeconds = ran.filter((second) => second < 5).length;
    expect(firstSeconds).toBeLessThan(280);
    expect(ran.length - firstSeconds).toBeLessThan(20);
    expect(mostWaitS).toBeGreaterThanOrEqual(7);
  }
});

test('a loop that waits as long as it is told has to wait longer each time, and gets its allowance back after a quiet time', () => {
  const calls = new RepeatedCalls(DEFAULT_REPEAT_LIMITS);
  const waits: number[] = [];
  let nowMs = 0;
  while (waits.length < 12) {
    const waitS = calls.take(1, state, nowMs);
    if (waitS === 0) nowMs += 3;
    else {
      waits.push(waitS);
      nowMs += waitS * 1000;
    }
  }
  expect(waits[0]).toBe(1);
  expect(waits.at(-1)).toBeGreaterThanOrEqual(7);
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  nowMs += 10 * 60_000;
  for (let n = 0; n < 100; n++) expect(calls.take(1, state, nowMs)).toBe(0);
});

test('other calls, and the same call in other sessions, are counted separately', () => {
  const calls = new RepeatedCalls(DEFAULT_REPEAT_LIMITS);
  callAt(calls, 400, 10);
  expect(calls.take(1, state, 10_000)).toBeGreaterThan(0);
  expect(calls.take(1, other, 10_000)).toBe(0);
  expect(calls.take(2, state, 10_000)).toBe(0);
});

test('a difference in any byte makes a different request', () => {
  const calls = new RepeatedCalls({ ...DEFAULT_REPEAT_LIMITS, capacity: 2 });
  const random = seededRandom('requests');
  const body = random.bytes(400);
  for (let at = 0; at < body.length; at++) {
    const changed = Uint8Array.from(body);
    changed[at]! ^= 1 << at % 8;
    expect([calls.take(1, changed, 0), calls.take(1, changed, 0)]).toEqual([0, 0]);
    expect(calls.take(1, changed, 0)).toBeGreaterThan(0);
  }
});
