import { existsSync } from 'node:fs';
import { sizeOf } from '@aerogram/storage/testing';
import { expect, test } from 'vitest';
import { runBotCrashes } from '../crash/bot-crashes.ts';

const SEED = 20_261_126;
const KILLS = sizeOf({ short: 2, full: 6 });
/** The scenario suite runs once for each engine. */
const engine = process.env['AEROGRAM_TEST_ENGINE'] === '15' ? '15' : 'embedded';

test.skipIf(engine === '15' && !existsSync('/usr/lib/postgresql/15/bin/postgres'))(
  `${KILLS} kill -9 while bots and people talk lose nothing, and bots are told of everything once (${engine}, seed ${SEED})`,
  async () => {
    const { kills, sent, presses, changes, made } = await runBotCrashes({ engine, kills: KILLS, seed: SEED, log: (line) => console.log(line) });
    expect(kills).toBe(KILLS);
    // Each load is killed only when something of each kind was done.
    for (const count of [sent, presses, changes]) expect(count).toBeGreaterThanOrEqual(KILLS);
    expect(made).toBeGreaterThanOrEqual(3);
  },
);
