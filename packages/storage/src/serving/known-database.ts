import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OperatorError } from '@aerogram/runtime';
import type { Database } from '../database/open-database.ts';
import { isMissingTable } from '../database/errors.ts';

/** The database that a data directory belongs to, as stored in the directory. */
export interface KnownDatabase {
  /** The id stored in the database's `meta` table. */
  id: string;
  kind: 'embedded' | 'external';
  /** The address for messages, without user and password. */
  address: string;
}

const NAME = 'database.json';

/** Describes where a database is, without secrets. @param databaseUrl undefined for the embedded database */
export function describeDatabase(databaseUrl: string | undefined): string {
  if (databaseUrl === undefined) return 'the embedded database';
  // A URL with a user and without a host, as for a socket, is none to Node.
  const { hostname, port, pathname, searchParams } = new URL(databaseUrl.replace('@/', '@localhost/'));
  const host = searchParams.get('host') ?? (decodeURIComponent(hostname) || 'localhost');
  const shownPort = searchParams.get('port') ?? port;
  return `${host}${shownPort ? `:${shownPort}` : ''}${pathname}`;
}

/** Reads which database the data directory belongs to; undefined before the first start. */
export function readKnownDatabase(dataDir: string): KnownDatabase | undefined {
  try {
    return JSON.parse(readFileSync(path.join(dataDir, NAME), 'utf8')) as KnownDatabase;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Stores which database the data directory belongs to. */
export function writeKnownDatabase(dataDir: string, known: KnownDatabase): void {
  const draft = path.join(dataDir, `.${NAME}.${process.pid}`);
  writeFileSync(draft, `${JSON.stringify(known, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path.join(dataDir, NAME));
}

/** Whether the data directory contains an embedded database. */
export function hasEmbeddedDatabase(dataDir: string): boolean {
  return existsSync(dataDir) && readdirSync(dataDir).some((name) => /^postgres-\d+$/.test(name));
}

function hasKeys(dataDir: string): boolean {
  const keys = path.join(dataDir, 'keys');
  return existsSync(keys) && readdirSync(keys).some((name) => name.endsWith('.pem'));
}

const ADOPT = 'To make the data directory belong to the database that the settings name now, run "aerogram adopt-database"';

/**
 * Checks that the settings lead to the same kind of database as the data directory remembers, or contains if it was restored and never started. Must be called
 * before anything is opened or created: a server would otherwise serve a new, empty database, and all clients would be logged out.
 * @throws OperatorError that says what to do
 */
export function checkDatabasePlace(dataDir: string, databaseUrl: string | undefined): void {
  const known = readKnownDatabase(dataDir);
  if (databaseUrl !== undefined) {
    // A restored backup has an embedded database, and has never been started.
    if (known !== undefined || !hasEmbeddedDatabase(dataDir)) return;
    throw new OperatorError(
      `the data directory ${dataDir} has an embedded database, but the settings name the one at ${describeDatabase(databaseUrl)}: ` +
        `take AEROGRAM_DATABASE_URL out of them to serve the embedded one. ${ADOPT}`,
    );
  }
  if (known?.kind === 'external') {
    throw new OperatorError(`the data directory ${dataDir} belongs to the database at ${known.address}: set AEROGRAM_DATABASE_URL. ${ADOPT}`);
  }
  if (hasEmbeddedDatabase(dataDir)) return;
  if (known) {
    throw new OperatorError(
      `the data directory ${dataDir} has lost its embedded database: there is no directory postgres-… in it. ` +
        `Restore a backup into an empty data directory. ${ADOPT}, which makes an empty one`,
    );
  }
  if (hasKeys(dataDir)) {
    throw new OperatorError(
      `the data directory ${dataDir} has the keys of a server, but no database: set AEROGRAM_DATABASE_URL when the server has an external one. ` +
        `${ADOPT}, which makes an empty one`,
    );
  }
}

/** Reads the id of a database; undefined if it has none yet, because it is empty or was written by an older version of the program. */
export async function findDatabaseId({ q }: Pick<Database, 'q'>): Promise<string | undefined> {
  try {
    const row = await q.selectFrom('meta').select('value').where('key', '=', 'database_id').executeTakeFirst();
    return row?.value;
  } catch (error) {
    if (isMissingTable(error)) return undefined;
    throw error;
  }
}

/**
 * Checks that a database is the one that the data directory remembers. Must be called before anything is written to it.
 * @throws OperatorError when it is another one
 */
export async function checkDatabaseIdentity(db: Pick<Database, 'q'>, dataDir: string, databaseUrl: string | undefined): Promise<void> {
  const known = readKnownDatabase(dataDir);
  if (!known) return;
  const id = await findDatabaseId(db);
  if (known.id === id) return;
  const other = `${describeDatabase(databaseUrl)}${id === undefined ? ', which is empty' : ''}`;
  const back = known.kind === 'embedded' ? 'take AEROGRAM_DATABASE_URL out of the settings' : 'set AEROGRAM_DATABASE_URL to the address of its own';
  throw new OperatorError(
    `the data directory ${dataDir} belongs to another database (${known.address}) than ${other}. With the wrong one every client would be logged out: ${back}. ${ADOPT}`,
  );
}

/** Stores which database the data directory belongs to, after the schema was migrated. @returns what was stored */
export async function rememberDatabase(db: Pick<Database, 'q'>, dataDir: string, databaseUrl: string | undefined): Promise<KnownDatabase> {
  const id = await findDatabaseId(db);
  if (id === undefined) throw new Error('the database has no id although its schema is up to date');
  const known: KnownDatabase = { id, kind: databaseUrl === undefined ? 'embedded' : 'external', address: describeDatabase(databaseUrl) };
  const before = readKnownDatabase(dataDir);
  if (before?.id !== known.id || before.kind !== known.kind || before.address !== known.address) writeKnownDatabase(dataDir, known);
  return known;
}
