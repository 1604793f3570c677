import { existsSync } from 'node:fs';
import { sizeOf } from '@aerogram/storage/testing';
import { expect, test } from 'vitest';
import { runMediaCrashes } from '../crash/media-crashes.ts';

const SEED = 20_261_123;
/** One of the kills comes while many accounts upload at once, the others beside ordinary use. */
const KILLS = sizeOf({ short: 2, full: 4 });
/** Smaller than the thousand of `npm run crash`. */
const BURST = { accounts: 24, each: 8 };
/** The scenario suite runs once for each engine. */
const engine = process.env['AEROGRAM_TEST_ENGINE'] === '15' ? '15' : 'embedded';

test.skipIf(engine === '15' && !existsSync('/usr/lib/postgresql/15/bin/postgres'))(
  `${KILLS} kill -9 while media are uploaded, processed and sent lose no photo and leave no process behind (${engine}, seed ${SEED})`,
  async () => {
    const report = await runMediaCrashes({ engine, kills: KILLS, seed: SEED, burst: BURST, log: (line) => console.log(line) });
    expect(report.kills).toBe(KILLS);
    expect(report.sent).toBeGreaterThanOrEqual(KILLS);
    expect(report.set).toBeGreaterThanOrEqual(KILLS);
    expect(report.burst).toBe(BURST.accounts * BURST.each);
    expect(report.waiting).toBeGreaterThan(0);
  },
);
