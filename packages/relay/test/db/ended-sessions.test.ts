import { expect, test } from 'vitest';
import { createTwoEnds } from './two-ends.ts';

/** When Node alone closed the sockets, about one round in forty ended without a link that ever came back. */
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
