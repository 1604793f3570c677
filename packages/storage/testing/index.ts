import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Clock, type Logger, type Metrics, silentLogger, systemClock } from '@aerogram/runtime';
import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import { type Database, openDatabase } from '../src/database/open-database.ts';
import type { Engine } from '../src/embedded/binaries.ts';
import { startEmbedded } from '../src/embedded/start-embedded.ts';
import { holdsAlone, type LeaseHolder } from '../src/leases/lease-holder.ts';
import type { Tables } from '../src/tables/index.ts';

export { listStatements, tablesWrittenBy } from '../src/database/statement.ts';
export { lose, type StagedNode, stageNode } from './node-stage.ts';
export { type DatabaseServer, type Standbys, startStandbys, startSwitchingProxy, type SwitchingProxy } from './standby-stage.ts';
export { type CommittedTransaction, watchTransactions } from './watch-transactions.ts';
/** All migrations, for tests of what one of them does with rows that are there. */
export { MIGRATIONS } from '../src/migrations/index.ts';

/** Selects the PostgreSQL for tests: `18` (from npm, the default) or the major version of an installed one. */
const ENGINE_VARIABLE = 'AEROGRAM_TEST_ENGINE';
/** Holds the URL of the cluster started for the test run. */
const URL_VARIABLE = 'AEROGRAM_TEST_PG_URL';

/** Whether tests run in their full size (`npm run test:all`) instead of the smaller one of `npm test`. */
const isFull = process.env['AEROGRAM_TEST_SIZE'] === 'full';

/** The number of kills, rounds or accounts in the kind of run that this is. Both must show what the test is about. */
export const sizeOf = (size: { short: number; full: number }): number => (isFull ? size.full : size.short);

/** The migrated database that tests copy. */
const TEMPLATE = 'aerogram_template';

/** Returns the PostgreSQL to run the tests on. */
export function testEngine(): Engine {
  const major = process.env[ENGINE_VARIABLE] ?? '18';
  return major === '18' ? 'embedded' : { binDir: `/usr/lib/postgresql/${major}/bin` };
}

/** What notes the statements of a test run; see tools/test/recorded-statements.mjs. */
export interface StatementRecorder {
  /** Settings of the cluster. */
  settings: Record<string, string>;
  /** Writes the notes, before the cluster stops. */
  end(clusterUrl: string, templateUrl: string): Promise<void>;
}

/**
 * Starts one cluster without fsync for a whole test run; for vitest's globalSetup.
 * @param recorder notes which statements are run
 * @returns a function that stops it and deletes its files
 */
export async function setupTestPostgres(recorder?: StatementRecorder): Promise<() => Promise<void>> {
  if (process.env[URL_VARIABLE] !== undefined) return async () => {};
  const dataDir = mkdtempSync(path.join(tmpdir(), 'aerogram-test-'));
  const postgres = await startEmbedded({
    dataDir,
    log: silentLogger,
    engine: testEngine(),
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300', ...recorder?.settings },
  });
  await createTemplate(postgres.url);
  process.env[URL_VARIABLE] = postgres.url;
  return async () => {
    delete process.env[URL_VARIABLE];
    await recorder?.end(postgres.url, urlOf(postgres.url, TEMPLATE));
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

/** Migrates a template database once per run; every test copies it. */
async function createTemplate(clusterUrl: string): Promise<void> {
  await execute(clusterUrl, `CREATE DATABASE ${TEMPLATE}`);
  const db = await openDatabase({ url: urlOf(clusterUrl, TEMPLATE), poolSize: 1, log: silentLogger, clock: systemClock });
  await db.migrate();
  await db[Symbol.asyncDispose]();
}

function urlOf(clusterUrl: string, database: string): string {
  const url = new URL(clusterUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function execute(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

/** A database to which tests also write outside transactions. */
export interface WritableDatabase extends Database {
  readonly q: Kysely<Tables>;
}

/** Lets a test write outside transactions, where a server only reads. */
export const writable = (db: Database): WritableDatabase => db as WritableDatabase;

/** A separate database for one test or suite. */
export interface TestDatabase extends WritableDatabase {
  readonly url: string;
}

export interface TestDatabaseOptions {
  clock?: Clock;
  log?: Logger;
  metrics?: Metrics;
  poolSize?: number;
  /** Leave the database empty, without the schema. */
  isEmpty?: boolean;
  /** Settings for all connections, such as `enable_seqscan: 'off'`. */
  settings?: Record<string, string>;
}

/** Makes the row of a server that is never lost. @returns it, as the holder of all leases */
export async function enterNode({ q }: { q: Database['q'] }, name: string): Promise<LeaseHolder> {
  const { rows } = await sql<{ token: bigint }>`
    WITH given AS (UPDATE cluster SET last_token = last_token + 1 RETURNING last_token)
    INSERT INTO nodes (name, host, pid, state, token, until_ms, clock_ms) SELECT ${name}, 'host', 1, 'alone', last_token, 0, 0 FROM given
    ON CONFLICT (name) DO UPDATE SET token = excluded.token RETURNING token`.execute(q);
  return holdsAlone({ name, token: rows[0]!.token }, () => true);
}

/** Gives a copy of the template an identity of its own: what the migrations made at random, and by which servers tell databases apart. */
async function becomeAnother({ q }: WritableDatabase): Promise<void> {
  await sql`UPDATE meta SET value = CASE key
    WHEN 'database_id' THEN gen_random_uuid()::text
    ELSE ((SELECT value::bigint FROM meta WHERE key = 'epoch') * 4294967296 + floor(random() * 4294967296)::bigint)::text END
    WHERE key IN ('database_id', 'stream_epoch')`.execute(q);
}

/** Creates a database with the newest schema in the cluster of the test run; disposing drops it. */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const clusterUrl = process.env[URL_VARIABLE];
  if (clusterUrl === undefined) throw new Error('database tests need setupTestPostgres() in the globalSetup of their run');
  const name = `test_${process.pid}_${randomUUID().slice(0, 8)}`;
  // Copying files is faster than writing the copy to the WAL, which is only needed to survive a crash.
  const source = options.isEmpty ? '' : ` TEMPLATE ${TEMPLATE} STRATEGY file_copy`;
  await execute(clusterUrl, `CREATE DATABASE ${name}${source}`);
  for (const [setting, value] of Object.entries(options.settings ?? {})) await execute(clusterUrl, `ALTER DATABASE ${name} SET ${setting} = ${value}`);
  const url = urlOf(clusterUrl, name);
  const db = await openDatabase({
    url,
    poolSize: options.poolSize ?? 8,
    log: options.log ?? silentLogger,
    clock: options.clock ?? systemClock,
    metrics: options.metrics,
  });
  if (!options.isEmpty) await becomeAnother(writable(db));
  return {
    ...writable(db),
    url,
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]();
      await execute(clusterUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}
