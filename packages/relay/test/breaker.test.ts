import { createFakeClock, seededRandom } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { Breaker } from '../src/calls/breaker.ts';
import { RELAY_LIMITS } from '../src/relay-limits.ts';

test('after five failures attempts are refused, but for one now and then, until that one works', async () => {
  const clock = createFakeClock();
  const breaker = new Breaker({ clock, random: seededRandom('breaker'), limits: RELAY_LIMITS });
  for (let at = 0; at < 5; at++) {
    expect(breaker.admits()).toBe(true);
    breaker.failed();
  }
  expect(breaker.admits()).toBe(false);
  await clock.advance(RELAY_LIMITS.retryFirstMs);
  // The probe, and nobody beside it.
  expect([breaker.admits(), breaker.admits()]).toEqual([true, false]);
  breaker.failed();
  await clock.advance(RELAY_LIMITS.retryLastMs);
  expect(breaker.admits()).toBe(true);
  breaker.succeeded();
  expect([breaker.admits(), breaker.admits()]).toEqual([true, true]);
});
