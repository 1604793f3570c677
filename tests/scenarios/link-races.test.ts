import { setTimeout as delay } from 'node:timers/promises';
import { RawAccount, startServerProcess } from '@aerogram/dev-env/load';
import { seededRandom } from '@aerogram/runtime';
import { sizeOf } from '@aerogram/storage/testing';
import { expect, test } from 'vitest';
import { LinkRaces } from '../crash/link-races.ts';

const SEED = 20_261_122;
const RACES = sizeOf({ short: 150, full: 1000 });
/** Groups in which people race at the same time, each with an owner and three racers. */
const GROUPS = 4;
const RACERS = 3;
/** Time between two kills, in milliseconds. */
const MIN_LOAD_MS = sizeOf({ short: 500, full: 3000 });
const MAX_LOAD_MS = sizeOf({ short: 2000, full: 10_000 });

test(`a link with one place lets in nobody else in ${RACES} races, during which the server is killed again and again (seed ${SEED})`, { timeout: 900_000 }, async () => {
  const random = seededRandom(SEED);
  await using server = await startServerProcess();
  const accounts: RawAccount[] = [];
  const races: LinkRaces[] = [];
  for (let group = 0; group < GROUPS; group++) {
    const own: RawAccount[] = [];
    for (let n = 0; n <= RACERS; n++) own.push(await RawAccount.signUp(server.info, { name: `Racer ${group}.${n}`, phone: `99966${group}${1000 + n}`, code: String(group).repeat(5) }));
    accounts.push(...own);
    races.push(await LinkRaces.create(own));
  }
  const count = (): number => races.reduce((sum, one) => sum + one.count, 0);
  let kills = 0;
  try {
    while (count() < RACES) {
      let isKilled = false;
      const load = races.map(async (one) => {
        try {
          while (!isKilled) await one.change();
        } catch (error) {
          if (!isKilled) throw error;
        }
      });
      const strike = async (): Promise<void> => {
        await delay(MIN_LOAD_MS + (random.uint31() % (MAX_LOAD_MS - MIN_LOAD_MS)));
        isKilled = true;
        await server.kill('SIGKILL');
        for (const account of accounts) account.disconnect();
      };
      await Promise.all([...load, strike()]);
      kills++;
      await server.start();
      for (const account of accounts) await account.connect(server.info);
      for (const one of races) await one.check();
    }
  } finally {
    for (const account of accounts) account.disconnect();
  }
  console.log(`${count()} races, ${kills} kills`);
  expect(kills).toBeGreaterThan(1);
});
