import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runFileCrashes } from '../crash/file-crashes.ts';

const SEED = 20_261_122;
const KILLS = 6;
/** The scenario suite runs once for each engine. */
const engine = process.env['AEROGRAM_TEST_ENGINE'] === '15' ? '15' : 'embedded';

test.skipIf(engine === '15' && !existsSync('/usr/lib/postgresql/15/bin/postgres'))(
  `six kill -9 during uploads, sends and the collection of files lose no file and leave none behind (${engine}, seed ${SEED})`,
  async () => {
    const report = await runFileCrashes({ engine, kills: KILLS, seed: SEED, log: (line) => console.log(line) });
    expect(report.kills).toBe(KILLS);
    expect(report.sent).toBeGreaterThan(12);
    expect(report.duringCollection).toBeGreaterThan(0);
  },
);
