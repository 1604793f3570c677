import { existsSync } from 'node:fs';
import { sizeOf } from '@aerogram/storage/testing';
import { expect, test } from 'vitest';
import { runCrashes } from '../crash/crash-run.ts';

const SEED = 20_260_711;
const KILLS = sizeOf({ short: 2, full: 5 });
/** The scenario suite runs once for each engine. */
const engine = process.env['AEROGRAM_TEST_ENGINE'] === '15' ? '15' : 'embedded';

test.skipIf(engine === '15' && !existsSync('/usr/lib/postgresql/15/bin/postgres'))(
  `${KILLS} kill -9 of server and database under load lose and double nothing (${engine}, seed ${SEED})`,
  async () => {
    const report = await runCrashes({ engine, kills: KILLS, seed: SEED, log: (line) => console.log(line) });
    expect(report.kills).toBe(KILLS);
    expect(report.acknowledged).toBe(report.sent);
    expect(report.sent).toBeGreaterThan(20 * KILLS);
    expect(report.votes).toBeGreaterThan(2 * KILLS);
  },
);
