import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OperatorError } from '@aerogram/runtime';
import type { Database } from '../database/open-database.ts';
import { isMissingTable } from '../database/errors.ts';

/** What a data directory remembers of the database that it belongs to. */
export interface KnownDatabase {
  /** As the database itself has it, in `meta`. */
  id: string;
  kind: 'embedded' | 'external';
  /** Where it was, for people; without user and password. */
  address: string;
}

const NAME = 'database.json';

/** Where a database is, in words that may be shown. @param databaseUrl undefined: in the data directory */
export function describeDatabase(databaseUrl: string | undefined): string {
  if (databaseUrl === undefined) return 'the embedded database';
  const { hostname, port, pathname, searchParams } = new URL(databaseUrl);
  const host = hostname || searchParams.get('host') || 'localhost';
  return `${host}${port ? `:${port}` : ''}${pathname}`;
}

/** What the data directory remembers; undefined before its first start. */
export function readKnownDatabase(dataDir: string): KnownDatabase | undefined {
  try {
    return JSON.parse(readFileSync(path.join(dataDir, NAME), 'utf8')) as KnownDatabase;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Makes the data directory belong to a database. */
export function writeKnownDatabase(dataDir: string, known: KnownDatabase): void {
  const draft = path.join(dataDir, `.${NAME}.${process.pid}`);
  writeFileSync(draft, `${JSON.stringify(known, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path.join(dataDir, NAME));
}

/** Whether an embedded database was made in the data directory. */
export function hasEmbeddedDatabase(dataDir: string): boolean {
  return existsSync(dataDir) && readdirSync(dataDir).some((name) => /^postgres-\d+$/.test(name));
}

function hasKeys(dataDir: string): boolean {
  const keys = path.join(dataDir, 'keys');
  return existsSync(keys) && readdirSync(keys).some((name) => name.endsWith('.pem'));
}

const ADOPT = 'To make the data directory belong to the database that the settings name now, run "aerogram adopt-database"';

/**
 * To be asked before anything is opened or made: whether the settings lead to a database where the data directory's is. Without
 * `AEROGRAM_DATABASE_URL` a server would make a new, empty one, and all clients would be logged out.
 * @throws OperatorError that says what to do
 */
export function checkDatabasePlace(dataDir: string, databaseUrl: string | undefined): void {
  if (databaseUrl !== undefined) return;
  const known = readKnownDatabase(dataDir);
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

/** The id of a database; undefined when it has none yet, because it is empty or of an older version of the program. */
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
 * Compares a database with the one that the data directory remembers. To be asked before anything is written to it.
 * @throws OperatorError when it is another one
 */
export async function checkDatabaseIdentity(db: Pick<Database, 'q'>, dataDir: string, databaseUrl: string | undefined): Promise<void> {
  const known = readKnownDatabase(dataDir);
  if (!known || known.id === (await findDatabaseId(db))) return;
  throw new OperatorError(
    `the data directory ${dataDir} belongs to another database (${known.address}) than ${describeDatabase(databaseUrl)}. ` +
      `With the wrong one every client would be logged out. ${ADOPT}`,
  );
}

/** Notes which database the data directory belongs to, after its schema was brought up to date. @returns what it noted */
export async function rememberDatabase(db: Pick<Database, 'q'>, dataDir: string, databaseUrl: string | undefined): Promise<KnownDatabase> {
  const id = await findDatabaseId(db);
  if (id === undefined) throw new Error('the database has no id although its schema is up to date');
  const known: KnownDatabase = { id, kind: databaseUrl === undefined ? 'embedded' : 'external', address: describeDatabase(databaseUrl) };
  const before = readKnownDatabase(dataDir);
  if (before?.id !== known.id || before.kind !== known.kind || before.address !== known.address) writeKnownDatabase(dataDir, known);
  return known;
}
