import { mkdirSync } from 'node:fs';
import { planSeed, seedDatabase, type SeedSize } from '../seed/index.ts';
import { createLogger, systemClock } from '@aerogram/runtime';
import { openDatabase } from '@aerogram/storage';
import { withDatabaseUrl } from '../open-database.ts';
import type { CliOptions } from '../options.ts';

/** `aerogram dev seed`: accounts and messages to develop and measure with; in test mode only. */
export async function seed(options: CliOptions, size: SeedSize): Promise<void> {
  const { config, print } = options;
  if (!config.testMode) throw new Error('only a server in test mode is seeded: the keys of its devices are known to everybody (AEROGRAM_TEST_MODE=1)');
  const plan = planSeed(size, config.homeDcId);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  await withDatabaseUrl(options, async (url) => {
    await using db = await openDatabase({ url, poolSize: 1, log: createLogger({ level: 'warn' }), clock: systemClock });
    await db.migrate();
    const outcome = await seedDatabase({ db, nowDate: systemClock.now(), say: print }, plan);
    print(`${outcome}: ${plan.users} accounts, ${plan.messages} messages, ${plan.devices} accounts with a device`);
  });
}
