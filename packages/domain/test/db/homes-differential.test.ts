import { seededRandom } from '@aerogram/runtime';
import { expect, test } from 'vitest';

import { createWorld } from './accounts-world.ts';
import { openHomes } from './homes-stage.ts';
import { type Act, below, chooseAct, describeBox, needsCarry, type Pair, play } from './homes-script.ts';

/** Acts in one script. */
const ACTS = 120;

test.each(['first', 'second', 'third'])('what two people do has the same outcome in one home and in two (%s script)', async (seed) => {
  const random = seededRandom(`differential ${seed}`);
  await using stage = await openHomes();
  await using world = await createWorld();
  const apart: Pair = { worlds: [stage.one, stage.two], ids: [stage.anna, stage.ben], sent: new Map() };
  const together: Pair = { worlds: [world, world], ids: [(await world.signUp('9996611101', 'Anna')).userId, (await world.signUp('9996621101', 'Ben')).userId], sent: new Map() };

  const script: Act[] = [];
  const outcomes: string[][] = [[], []];
  for (let number = 0; number < ACTS; number++) {
    for (const { clock } of [stage.one, stage.two, world]) await clock.advance(2000);
    const act = await chooseAct(apart, random, number);
    script.push(act);
    if (needsCarry(act)) await stage.carry();
    // What is edited may have been deleted by the other, which has not arrived yet.
    for (const [at, pair] of [apart, together].entries()) outcomes[at]!.push((await play(pair, act, number)).replace('MESSAGE_ID_INVALID', 'no error'));
    if (needsCarry(act) || below(random, 4) === 0) await stage.carry();
  }
  await stage.carry();

  expect(new Set(script.map((act) => act.do)).size).toBe(7);
  expect(outcomes[0]).toEqual(outcomes[1]);
  for (const who of [0, 1] as const) expect(await describeBox(apart, who)).toEqual(await describeBox(together, who));
}, 120_000);
