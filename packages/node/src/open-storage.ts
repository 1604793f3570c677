import type { Clock, Config, Logger, Metrics, Random } from '@aerogram/runtime';
import { type Database, openDatabase, startEmbedded } from '@aerogram/storage';

interface StorageDeps {
  config: Pick<Config, 'dataDir' | 'databaseUrl' | 'databasePoolSize' | 'walArchiveDir'>;
  log: Logger;
  clock: Clock;
  random: Random;
  metrics: Metrics;
}

/** The database of the node, and the embedded server under it where there is one. */
export interface Storage extends AsyncDisposable {
  readonly db: Database;
}

/**
 * Connects to `AEROGRAM_DATABASE_URL`, or starts the embedded PostgreSQL in the data directory and connects to that.
 * @throws DataDirectoryLocked when another server runs there; DatabaseUnavailable
 */
export async function openStorage(deps: StorageDeps): Promise<Storage> {
  const { config, log } = deps;
  const { dataDir, walArchiveDir: archiveDir } = config;
  const embedded = config.databaseUrl === undefined ? await startEmbedded({ dataDir, archiveDir, log }) : undefined;
  try {
    const url = embedded?.url ?? config.databaseUrl!;
    const db = await openDatabase({ ...deps, url, poolSize: config.databasePoolSize });
    return {
      db,
      async [Symbol.asyncDispose]() {
        await db[Symbol.asyncDispose]();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}
