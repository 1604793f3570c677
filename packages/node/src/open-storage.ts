import { mkdirSync } from 'node:fs';
import { type Clock, type Config, type Logger, type Metrics, OperatorError, type Random } from '@aerogram/runtime';
import {
  checkDatabasePlace,
  createDiskGuard,
  type Database,
  DatabaseUnavailable,
  describeDatabase,
  type DiskFull,
  type Incarnation,
  keepArchiveShort,
  lockDataDirectory,
  openDatabase,
  type Primary,
  startEmbedded,
} from '@aerogram/storage';

interface EngineDeps {
  config: Pick<Config, 'dataDir' | 'databaseUrl' | 'walArchiveDir' | 'walArchiveDays' | 'ballastBytes' | 'minFreeBytes' | 'minFreePercent'>;
  log: Logger;
  clock: Clock;
  metrics: Metrics;
  /** See `NodeOverrides.databaseSettings`. */
  databaseSettings?: Readonly<Record<string, string>> | undefined;
  /** Called with a short description of what a slow startup is doing. */
  say(progress: string): void;
}

interface StorageDeps extends EngineDeps {
  config: EngineDeps['config'] & Pick<Config, 'databasePoolSize'>;
  random: Random;
  /** See `DatabaseOptions.gate`. */
  gate: () => Promise<void> | undefined;
  /** See `DatabaseOptions.incarnation`. */
  incarnation: () => Incarnation | undefined;
  /** See `DatabaseOptions.primary`. */
  primary: Primary;
}

/**
 * Transactions that are allowed on a full disk. They write little about a connection, and without them clients could not even read; or they tell of jobs
 * that have been done, which would be done again otherwise, and of what another data centre has applied.
 */
export const WRITTEN_ON_A_FULL_DISK = new Set([
  'create-auth-keys',
  'destroy-auth-key',
  'bind-temp-key',
  'drop-temp-keys',
  'save-connection',
  'log-out',
  'take-leases',
  'give-up-leases',
  'end-job',
  'repeat-job',
  'postpone-job',
  'bury-job',
  'note-home-acknowledged',
  'note-home-links',
]);

/** The database server that a node uses: the embedded one or an external one. */
export interface Engine extends AsyncDisposable {
  readonly url: string;
  /** Why nothing may be written to the database now: its disk is nearly full. Of an external database this is not known. */
  refusal(): DiskFull | undefined;
  /** Why no file may be written to the data directory now: its disk is nearly full. */
  filesRefusal(): DiskFull | undefined;
}

/** The database of the node, and the embedded server if there is one. */
export interface Storage extends AsyncDisposable, Pick<Engine, 'filesRefusal'> {
  readonly db: Database;
  /** URL of the database. */
  readonly url: string;
  /** Called when the node's parts have started: from now on nothing is written when the disk is full. */
  started(): void;
}

/**
 * Starts the embedded PostgreSQL in the data directory, unless `AEROGRAM_DATABASE_URL` names another database. In both cases the data
 * directory is locked for this server.
 * @throws DataDirectoryLocked when another server runs there; OperatorError when the directory belongs to another database
 */
export async function openEngine({ config, log, clock, metrics, databaseSettings: settings, say }: EngineDeps): Promise<Engine> {
  const { dataDir, walArchiveDir: archiveDir, walArchiveDays: days, databaseUrl } = config;
  checkDatabasePlace(dataDir, databaseUrl);
  if (databaseUrl !== undefined) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const lock = await lockDataDirectory(dataDir);
    // Parts of files are written there, whatever the database is. Only an embedded one needs the ballast.
    const guard = await createDiskGuard({ ...config, ballastBytes: 0, log, clock, metrics });
    return {
      url: databaseUrl,
      refusal: () => undefined,
      filesRefusal: () => guard.refusal,
      async [Symbol.asyncDispose]() {
        await guard[Symbol.asyncDispose]();
        await lock[Symbol.asyncDispose]();
      },
    };
  }
  const guard = await createDiskGuard({ ...config, log, clock, metrics });
  try {
    const embedded = await startEmbedded({ dataDir, archiveDir, log, settings, onDiskFull: () => guard.giveUpBallast(), onProgress: say });
    const { archive } = embedded;
    const pruning = archive === undefined || days === 0 ? undefined : keepArchiveShort({ directory: archive, days, clock, log });
    return {
      url: embedded.url,
      refusal: () => guard.refusal,
      filesRefusal: () => guard.refusal,
      async [Symbol.asyncDispose]() {
        pruning?.[Symbol.dispose]();
        await embedded.stop();
        await guard[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await guard[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Opens the engine and connects to it.
 * @throws DataDirectoryLocked when another server runs there; OperatorError when the database cannot be reached
 */
export async function openStorage(deps: StorageDeps): Promise<Storage> {
  const engine = await openEngine(deps);
  let isStarted = false;
  // A startup writes little, and must be possible when the disk is full, so that clients can read.
  const refusal = (transaction = ''): Error | undefined =>
    isStarted && !WRITTEN_ON_A_FULL_DISK.has(transaction) ? engine.refusal() : undefined;
  try {
    const db = await openDatabase({ ...deps, url: engine.url, poolSize: deps.config.databasePoolSize, refusal });
    return {
      db,
      url: engine.url,
      filesRefusal: () => engine.filesRefusal(),
      started() {
        isStarted = true;
      },
      async [Symbol.asyncDispose]() {
        await db[Symbol.asyncDispose]();
        await engine[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw explainUnreachable(error, deps.config.databaseUrl);
  }
}

/** Adds to an error which database cannot be reached and why; returns other errors unchanged. */
export function explainUnreachable(error: unknown, databaseUrl: string | undefined): unknown {
  if (!(error instanceof DatabaseUnavailable) || databaseUrl === undefined) return error;
  const cause = error.cause instanceof Error ? error.cause : error;
  const reason = cause.message || (cause as NodeJS.ErrnoException).code || cause.name;
  return new OperatorError(`the database at ${describeDatabase(databaseUrl)} (AEROGRAM_DATABASE_URL) cannot be reached: ${reason}`, { cause: error });
}
