import { createFakeClock, pause } from '@aerogram/runtime';
import { expect, test } from 'vitest';

test('a pause ends with its time, or with the first signal, and leaves no timer', async () => {
  const clock = createFakeClock();
  const whole = pause(clock, 1000);
  await clock.advance(1000);
  await whole;

  const [one, other] = [new AbortController(), new AbortController()];
  const cut = pause(clock, 1000, one.signal, other.signal);
  other.abort();
  await cut;
  await pause(clock, 1000, one.signal, other.signal);
  expect(clock.pendingTimers()).toBe(0);
});
