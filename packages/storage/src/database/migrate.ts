import type { Logger } from '@aerogram/runtime';
import { MIGRATIONS, SCHEMA_VERSION } from '../migrations/index.ts';
import type { Migration } from '../migrations/migration.ts';
import { waitLong } from './connection-state.ts';
import type { Client, Connections } from './connections.ts';
import { DatabaseUnusable } from './errors.ts';

const OLDEST_SERVER_VERSION = 150_000;

/**
 * When two servers start on an empty database, IF NOT EXISTS does not prevent a collision on the table, its type or the index of the system
 * catalogue.
 */
const ALREADY_THERE = new Set(['42P07', '42710', '23505']);

/** Runs `fn` in a transaction without time limits. */
async function unhurried<T>(client: Client, fn: () => Promise<T>): Promise<T> {
  await client.query('BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0');
  try {
    const value = await fn();
    await client.query('COMMIT');
    return value;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** Creates the table that holds the schema version, whose row is locked during migrations. */
async function createMeta(client: Client): Promise<void> {
  const { rows } = await client.query<{ exists: boolean }>(`SELECT to_regclass('meta') IS NOT NULL AS exists`);
  if (rows[0]?.exists) return;
  try {
    await client.query('CREATE TABLE IF NOT EXISTS meta (key text PRIMARY KEY, value text NOT NULL)');
  } catch (error) {
    if (!ALREADY_THERE.has((error as { code?: string }).code ?? '')) throw error;
  }
}

/**
 * Migrates the schema to the version of the program, in one transaction that holds a lock on the version's row.
 * @param migrations the steps of the program; tests pass others
 * @throws DatabaseUnusable when the schema is newer than the program or the server older than PostgreSQL 15
 */
export async function migrate(connections: Connections, log: Logger, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  const client = await connections.acquire();
  // Closed afterwards.
  waitLong(client);
  try {
    const { rows } = await client.query<{ version: number; name: string }>(
      `SELECT current_setting('server_version_num')::integer AS version, current_setting('server_version') AS name`,
    );
    if (rows[0]!.version < OLDEST_SERVER_VERSION) {
      throw new DatabaseUnusable(`PostgreSQL ${rows[0]!.name} is too old: 15 or newer is needed`);
    }
    await createMeta(client);
    await client.query(`INSERT INTO meta (key, value) VALUES ('schema_version', '0') ON CONFLICT DO NOTHING`);
    await unhurried(client, () => runSteps(client, log, migrations));
    await checkTrigrams(client, log);
  } finally {
    connections.release(client, true);
  }
}

/** Whether the schema is older than the program. */
export async function hasPendingMigrations(client: Client): Promise<boolean> {
  const { rows: tables } = await client.query<{ exists: boolean }>(`SELECT to_regclass('meta') IS NOT NULL AS exists`);
  if (!tables[0]!.exists) return true;
  const { rows } = await client.query<{ value: string }>(`SELECT value FROM meta WHERE key = 'schema_version'`);
  return Number(rows[0]?.value ?? 0) < SCHEMA_VERSION;
}

async function runSteps(client: Client, log: Logger, migrations: readonly Migration[]): Promise<void> {
  const { rows } = await client.query<{ value: string }>(`SELECT value FROM meta WHERE key = 'schema_version' FOR UPDATE`);
  const present = Number(rows[0]!.value);
  const newest = migrations.length;
  if (present > newest) {
    throw new DatabaseUnusable(
      `the database has schema version ${present}, this program knows versions up to ${newest}: run the newer program, or restore a backup from before the upgrade`,
    );
  }
  for (const step of migrations.slice(present)) {
    for (const statement of step.statements) await client.query(statement);
    await client.query(`UPDATE meta SET value = $1 WHERE key = 'schema_version'`, [String(step.number)]);
    log.debug({ number: step.number, subject: step.subject }, 'migrated one step');
  }
  if (present < newest) log.info({ from: present, to: newest }, 'migrated');
}

/**
 * Search in scripts other than Latin depends on the character classification of the database's locale; with a wrong locale it finds
 * nothing.
 */
async function checkTrigrams(client: Client, log: Logger): Promise<void> {
  const { rows } = await client.query<{ exists: boolean }>(`SELECT to_regproc('show_trgm') IS NOT NULL AS exists`);
  if (!rows[0]?.exists) {
    log.warn('the extension pg_trgm is missing: message search will not work; run CREATE EXTENSION pg_trgm as a superuser');
    return;
  }
  const trigrams = await client.query<{ count: number }>(`SELECT cardinality(show_trgm('привет')) AS count`);
  if (trigrams.rows[0]?.count === 0) {
    throw new DatabaseUnusable(
      "show_trgm('привет') is empty: the database's LC_CTYPE does not know letters beyond Latin; create it with a UTF-8 locale such as C.UTF-8",
    );
  }
}
