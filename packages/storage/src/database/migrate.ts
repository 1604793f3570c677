import { type Logger, OperatorError } from '@aerogram/runtime';
import { MIGRATIONS, SCHEMA_VERSION } from '../migrations/index.ts';
import type { Migration } from '../migrations/migration.ts';
import { waitLong } from './connection-state.ts';
import type { Client, Connections } from './connections.ts';
import { DatabaseUnusable } from './errors.ts';
import { type PlannedStep, weighSteps } from './weigh-steps.ts';

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
 * A schema that is newer is left as it is if it has all that the program uses.
 * @throws DatabaseUnusable when the schema is too new for the program or the server older than PostgreSQL 15; OperatorError when nodes serve whose programs are too old for the steps
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

/** What `migrate` would do. */
export interface MigrationPlan {
  /** Schema version of the database; 0 if it is empty. */
  present: number;
  /** That of the program. */
  newest: number;
  /** The lowest schema version of a program that may serve afterwards. */
  oldestProgram: number;
  /** Nodes of older programs, which must end first. */
  obstacles: string[];
  /** What would be done, in this order. */
  steps: PlannedStep[];
  /** Whether this program can use the database, which may be newer. */
  isUsable: boolean;
}

/** Reads what `migrate` would do, and changes nothing. */
export async function planMigration(client: Client): Promise<MigrationPlan> {
  const { rows: tables } = await client.query<{ exists: boolean }>(`SELECT to_regclass('meta') IS NOT NULL AS exists`);
  const { rows } = tables[0]!.exists ? await client.query<{ value: string }>(`SELECT value FROM meta WHERE key = 'schema_version'`) : { rows: [] };
  const present = Number(rows[0]?.value ?? 0);
  const oldestProgram = findOldestProgram(MIGRATIONS);
  const obstacles = present < SCHEMA_VERSION ? await listOlderNodes(client, oldestProgram) : [];
  const steps = await weighSteps(client, MIGRATIONS.slice(present));
  return { present, newest: SCHEMA_VERSION, oldestProgram, obstacles, steps, isUsable: present <= SCHEMA_VERSION || (await isUsableBy(client, SCHEMA_VERSION)) };
}

/** Before this step nothing said which programs can serve beside it. */
const FIRST_WITH_MARK = 120;

/** The lowest schema version of a program that may serve from a database with these steps. */
function findOldestProgram(migrations: readonly Migration[]): number {
  return Math.max(0, ...migrations.map(({ number, oldestProgram = number < FIRST_WITH_MARK ? number : 0 }) => oldestProgram));
}

/** Names the nodes that serve, or are about to, whose program is older than a schema version. */
async function listOlderNodes(client: Client, oldestProgram: number): Promise<string[]> {
  const { rows: tables } = await client.query<{ exists: boolean }>(`SELECT to_regclass('node_facts') IS NOT NULL AS exists`);
  if (!tables[0]!.exists) return [];
  const { rows } = await client.query<{ name: string; host: string }>(
    `SELECT n.name, n.host FROM nodes n JOIN node_facts f USING (name, token)
      WHERE n.token <> 0 AND coalesce((f.facts->>'schema')::integer, 0) < $1 ORDER BY n.name`,
    [oldestProgram],
  );
  return rows.map(({ name, host }) => `${name} on ${host}`);
}

/** Whether a program that is older than the schema may use it. */
async function isUsableBy(client: Client, newest: number): Promise<boolean> {
  const { rows } = await client.query<{ value: string }>(`SELECT value FROM meta WHERE key = 'oldest_program'`);
  return rows[0] !== undefined && newest >= Number(rows[0].value);
}

async function runSteps(client: Client, log: Logger, migrations: readonly Migration[]): Promise<void> {
  const { rows } = await client.query<{ value: string }>(`SELECT value FROM meta WHERE key = 'schema_version' FOR UPDATE`);
  const present = Number(rows[0]!.value);
  const newest = migrations.length;
  if (present > newest) {
    if (await isUsableBy(client, newest)) return log.warn({ present, newest }, 'the database was brought up to date by a newer program; this one can still use it');
    throw new DatabaseUnusable(
      `the database has schema version ${present}, this program knows versions up to ${newest}: run the newer program, or restore a backup from before the upgrade`,
    );
  }
  const oldestProgram = findOldestProgram(migrations);
  const obstacles = present < newest ? await listOlderNodes(client, oldestProgram) : [];
  if (obstacles.length > 0) {
    throw new OperatorError(`the schema cannot be brought up to date while nodes with programs older than schema version ${oldestProgram} serve: ${obstacles.join(', ')}. End them first`);
  }
  for (const step of migrations.slice(present)) {
    for (const statement of step.statements) await client.query(statement);
    await client.query(`UPDATE meta SET value = $1 WHERE key = 'schema_version'`, [String(step.number)]);
    log.debug({ number: step.number, subject: step.subject }, 'migrated one step');
  }
  await client.query(`INSERT INTO meta AS m (key, value) VALUES ('oldest_program', $1) ON CONFLICT (key) DO UPDATE SET value = $1 WHERE m.value <> $1`, [String(oldestProgram)]);
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
