import { mkdirSync } from 'node:fs';
import { loadOrCreateServerKeys } from '@aerogram/mtproto';
import { keysDirectory, playOwnHome } from '@aerogram/node';
import { planSeed, seedChannels, seedDatabase, type SeedSize } from '../seed/index.ts';
import { systemClock } from '@aerogram/runtime';
import { rememberDatabase } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import type { CliOptions } from '../options.ts';
import type { Output } from '../output.ts';
import { sayProgress } from '../progress.ts';

/** `aerogram dev seed`: creates accounts and messages for development and measurements; in test mode only. */
export async function seed(options: CliOptions, size: SeedSize): Promise<Output> {
  const { config } = await playOwnHome(options.config);
  if (!config.testMode) throw new Error('only a server in test mode is seeded: the keys of its devices are known to everybody (AEROGRAM_TEST_MODE=1)');
  const plan = planSeed(size, config.homeDcId);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  return await withDatabase(
    options,
    async (db) => {
      await db.migrate();
      await rememberDatabase(db, config.dataDir, config.databaseUrl);
      // A server creates no key for a database that has accounts.
      await loadOrCreateServerKeys(keysDirectory(config.dataDir));
      const outcome = await seedDatabase({ db, nowDate: systemClock.now(), say: sayProgress }, plan);
      const channels = seedChannels(plan).length;
      return {
        value: { outcome, accounts: plan.users, messages: plan.messages, devices: plan.devices, channels },
        lines: [`${outcome}: ${plan.users} accounts, ${plan.messages} messages, ${plan.devices} accounts with a device, ${channels} channels`],
      };
    },
    { canCreate: true },
  );
}
