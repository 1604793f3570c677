import { existsSync } from 'node:fs';
import { sizeOf } from '@aerogram/storage/testing';
import { expect, test } from 'vitest';
import { runFileCrashes } from '../crash/file-crashes.ts';

const SEED = 20_261_122;
/** Every second kill comes while files are collected. */
const KILLS = sizeOf({ short: 4, full: 6 });
/** The scenario suite runs once for each engine. */
const engine = process.env['AEROGRAM_TEST_ENGINE'] === '15' ? '15' : 'embedded';

test.skipIf(engine === '15' && !existsSync('/usr/lib/postgresql/15/bin/postgres'))(
  `${KILLS} kill -9 during uploads, sends and the collection of files lose no file and leave none behind (${engine}, seed ${SEED})`,
  async () => {
    const report = await runFileCrashes({ engine, kills: KILLS, seed: SEED, log: (line) => console.log(line) });
    expect(report.kills).toBe(KILLS);
    expect(report.sent).toBeGreaterThan(2 * KILLS);
    expect(report.duringCollection).toBeGreaterThan(0);
  },
);
