import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger, systemClock } from '@aerogram/runtime';
import { type Database, type EmbeddedPostgres, openDatabase, startEmbedded } from '@aerogram/storage';
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
 * The address of the embedded database that a running server has started in this directory.
 * PostgreSQL writes the directory of its socket into the fifth line of `postmaster.pid`.
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

/**
 * Runs `use` on the server's database: the external one, the embedded one of a running server,
 * or the embedded one started for this command alone.
 */
export async function withDatabase<T>(options: CliOptions, use: (db: Database) => Promise<T>): Promise<T> {
  const log = createLogger({ level: 'warn' });
  return withDatabaseUrl(options, async (url) => {
    await using db = await openDatabase({ url, poolSize: POOL_SIZE, log, clock: systemClock });
    return await use(db);
  });
}

/** The same, for what talks to the database in its own way. */
export async function withDatabaseUrl<T>({ config }: CliOptions, use: (url: string) => Promise<T>): Promise<T> {
  const log = createLogger({ level: 'warn' });
  let url = config.databaseUrl ?? findRunningDatabase(config.dataDir);
  let embedded: EmbeddedPostgres | undefined;
  if (url === undefined) {
    if (!existsSync(config.dataDir)) throw new Error(`no data directory ${config.dataDir}; give --data-dir, or start the server once`);
    embedded = await startEmbedded({ dataDir: config.dataDir, archiveDir: config.walArchiveDir, log });
    url = embedded.url;
  }
  try {
    return await use(url);
  } finally {
    await embedded?.stop();
  }
}
