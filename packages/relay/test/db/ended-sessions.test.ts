import { expect, test } from 'vitest';
import { createTwoEnds } from './two-ends.ts';

/** Node alone has missed the end of a session about once in forty rounds. */
const ROUNDS = 40;

test('a home that stops just when the link stands is dialled again, each time', async () => {
  await using ends = await createTwoEnds();
  const { one, two } = ends;
  for (let round = 1; round <= ROUNDS; round++) {
    await two.stop();
    await one.write(2, String(round));
    await two.start();
    await expect.poll(() => two.frames.applied.at(-1), { interval: 5 }).toBe(String(round));
  }
});
