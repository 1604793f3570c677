import type { Clock, Config, Logger, Metrics, Random } from '@aerogram/runtime';
import { type Database, createDiskGuard, openDatabase, startEmbedded } from '@aerogram/storage';

interface StorageDeps {
  config: Pick<
    Config,
    'dataDir' | 'databaseUrl' | 'databasePoolSize' | 'walArchiveDir' | 'ballastBytes' | 'minFreeBytes' | 'minFreePercent'
  >;
  log: Logger;
  clock: Clock;
  random: Random;
  metrics: Metrics;
}

/** What a connection writes about itself, little and bounded: without it nobody could even read. */
const WRITTEN_ON_A_FULL_DISK = new Set(['create-auth-key', 'destroy-auth-key', 'bind-temp-key', 'drop-temp-keys', 'save-connection', 'log-out']);

/** The database of the node, and the embedded server under it where there is one. */
export interface Storage extends AsyncDisposable {
  readonly db: Database;
  /** The node's parts are there: from now on nothing is written on a full disk. */
  started(): void;
}

/**
 * Connects to `AEROGRAM_DATABASE_URL`, or starts the embedded PostgreSQL in the data directory and connects to that.
 * @throws DataDirectoryLocked when another server runs there; DatabaseUnavailable
 */
export async function openStorage(deps: StorageDeps): Promise<Storage> {
  const { config, log } = deps;
  const { dataDir, walArchiveDir: archiveDir } = config;
  const opened: AsyncDisposable[] = [];
  const close = async (): Promise<void> => {
    for (const part of opened.splice(0).toReversed()) await part[Symbol.asyncDispose]();
  };
  try {
    let refusal = (): Error | undefined => undefined;
    let url = config.databaseUrl;
    if (url === undefined) {
      const guard = await createDiskGuard({ ...deps, ...config });
      opened.push(guard);
      const embedded = await startEmbedded({ dataDir, archiveDir, log, onDiskFull: () => guard.giveUpBallast() });
      opened.push(embedded);
      refusal = () => guard.refusal;
      url = embedded.url;
    }
    let isStarted = false;
    // A start writes little, and has to be possible on a full disk, so that people can read.
    const refuse = (transaction = ''): Error | undefined =>
      isStarted && !WRITTEN_ON_A_FULL_DISK.has(transaction) ? refusal() : undefined;
    const db = await openDatabase({ ...deps, url, poolSize: config.databasePoolSize, refusal: refuse });
    opened.push(db);
    return {
      db,
      started() {
        isStarted = true;
      },
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
