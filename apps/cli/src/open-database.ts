import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainUnreachable } from '@aerogram/node';
import { createLogger, systemClock } from '@aerogram/runtime';
import { checkDatabaseIdentity, checkDatabasePlace, type Database, type EmbeddedPostgres, openDatabase, startEmbedded } from '@aerogram/storage';
import type { CliOptions } from './options.ts';

const POOL_SIZE = 2;

/** Whether a process with this id exists. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * The URL of the embedded database that a running server has started in this directory. PostgreSQL writes the directory of its socket into
 * the fifth line of `postmaster.pid`.
 */
export function findRunningDatabase(dataDir: string): string | undefined {
  if (!existsSync(dataDir)) return undefined;
  for (const name of readdirSync(dataDir)) {
    const file = join(dataDir, name, 'postmaster.pid');
    if (!/^postgres-\d+$/.test(name) || !existsSync(file)) continue;
    const [pid, , , , socketDir] = readFileSync(file, 'utf8').split('\n');
    if (!socketDir || !isProcessAlive(Number(pid))) continue;
    return `postgresql://aerogram@localhost/postgres?host=${encodeURIComponent(socketDir)}`;
  }
  return undefined;
}

/** What a command may do with a database. */
export interface Access {
  /** Creates an embedded database if there is none; commands that only read never do. */
  canCreate?: boolean;
  /** Uses the database in the settings, even if the data directory belongs to another one. */
  anyDatabase?: boolean;
  /** How long a database that cannot be reached is waited for, in milliseconds. */
  patienceMs?: number;
}

/**
 * Runs `use` with the server's database: the one that is open already, the external one, the embedded one of a running server, or the embedded one started for this
 * command.
 * @throws OperatorError when the settings lead to another database than the data directory's
 */
export async function withDatabase<T>(options: CliOptions, use: (db: Database) => Promise<T>, access: Access = {}): Promise<T> {
  if (options.db !== undefined) return await use(options.db);
  // What goes wrong is said in a sentence by the error that ends the command.
  const log = createLogger({ level: 'silent' });
  const { databaseUrl, dataDir } = options.config;
  return withDatabaseUrl(
    options,
    async (url) => {
      await using db = await openDatabase({ url, poolSize: POOL_SIZE, log, clock: systemClock, patienceMs: access.patienceMs });
      if (access.anyDatabase !== true) await checkDatabaseIdentity(db, dataDir, databaseUrl);
      return await use(db);
    },
    access,
  );
}

/** Like `withDatabase`, but only passes the URL and does not check that it is the data directory's database. */
export async function withDatabaseUrl<T>({ config }: CliOptions, use: (url: string) => Promise<T>, { canCreate = false, anyDatabase = false }: Access = {}): Promise<T> {
  const { databaseUrl, dataDir, walArchiveDir: archiveDir } = config;
  const log = createLogger({ level: 'warn' });
  if (!anyDatabase) checkDatabasePlace(dataDir, databaseUrl);
  let url = databaseUrl ?? findRunningDatabase(dataDir);
  let embedded: EmbeddedPostgres | undefined;
  if (url === undefined) {
    embedded = await startEmbedded({ dataDir, archiveDir, log, mustExist: !canCreate });
    url = embedded.url;
  }
  try {
    return await use(url);
  } catch (error) {
    throw explainUnreachable(error, databaseUrl);
  } finally {
    await embedded?.stop();
  }
}
