import { createFakeClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';

import { FileCpu, QUOTAS } from '../src/shared/index.ts';

const [ALICE, BOB] = [1n, 2n];

test('CPU time for files is counted for each user, comes back with time, and is refused when it is used up', async () => {
  const clock = createFakeClock();
  const cpu = new FileCpu({ clock });
  const { capacity, tokensPerSecond } = QUOTAS.fileCpu;
  cpu.charge(ALICE, capacity - 1);
  expect([cpu.waitS(ALICE), cpu.waitS(BOB)]).toEqual([0, 0]);
  expect([cpu.usedMs(ALICE), cpu.usedMs(BOB)]).toEqual([capacity - 1, 0]);
  // The last file may take more than is left.
  cpu.charge(ALICE, 1 + 3 * tokensPerSecond);
  expect([cpu.waitS(ALICE), cpu.waitS(BOB)]).toEqual([4, 0]);
  await clock.advance(4000);
  expect(cpu.waitS(ALICE)).toBe(0);
});
