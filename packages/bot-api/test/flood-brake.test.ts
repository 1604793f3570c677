import { createFakeClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { FloodBrake } from '../src/flood-brake.ts';

test('requests of a bot that ignores refusals are held for a second, those of others are not', async () => {
  const clock = createFakeClock();
  const brake = new FloodBrake(clock);
  for (let count = 0; count < 100; count++) brake.refused(1n);
  await brake.hold(1n);
  for (let count = 0; count < 100; count++) brake.refused(1n);
  let isHeld = true;
  const held = brake.hold(1n).then(() => (isHeld = false));
  await brake.hold(2n);
  await clock.advance(900);
  expect(isHeld).toBe(true);
  await clock.advance(100);
  await held;
  // Time makes up for refusals.
  await clock.advance(5000);
  await brake.hold(1n);
});
