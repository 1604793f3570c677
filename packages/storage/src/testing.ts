import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Clock, type Logger, type Metrics, silentLogger, systemClock } from '@aerogram/runtime';
import pg from 'pg';
import { type Database, openDatabase } from './database/open-database.ts';
import type { Engine } from './embedded/binaries.ts';
import { startEmbedded } from './embedded/start-embedded.ts';

/** Says which PostgreSQL tests run on: `18` (from npm, the default) or the major of one that the system has. */
const ENGINE_VARIABLE = 'AEROGRAM_TEST_ENGINE';
/** Names the cluster that the test run has started. */
const URL_VARIABLE = 'AEROGRAM_TEST_PG_URL';

/** The engine that tests are to run on. */
export function testEngine(): Engine {
  const major = process.env[ENGINE_VARIABLE] ?? '18';
  return major === '18' ? 'embedded' : { binDir: `/usr/lib/postgresql/${major}/bin` };
}

/**
 * Starts one cluster for a whole test run, without fsync; for vitest's globalSetup.
 * @returns what stops it and removes its files
 */
export async function setupTestPostgres(): Promise<() => Promise<void>> {
  if (process.env[URL_VARIABLE] !== undefined) return async () => {};
  const dataDir = mkdtempSync(path.join(tmpdir(), 'aerogram-test-'));
  const postgres = await startEmbedded({
    dataDir,
    log: silentLogger,
    engine: testEngine(),
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  process.env[URL_VARIABLE] = postgres.url;
  return async () => {
    delete process.env[URL_VARIABLE];
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

/** A database of its own for one test or suite. */
export interface TestDatabase extends Database {
  readonly url: string;
}

export interface TestDatabaseOptions {
  clock?: Clock;
  log?: Logger;
  metrics?: Metrics;
  poolSize?: number;
  /** Leave it empty, without the schema. */
  isEmpty?: boolean;
}

let clusterUrl: Promise<string> | undefined;

/** The run's cluster; without a globalSetup this process starts one that ends with it. */
function findClusterUrl(): Promise<string> {
  clusterUrl ??= (async () => {
    if (process.env[URL_VARIABLE] === undefined) {
      const stop = await setupTestPostgres();
      process.once('beforeExit', () => void stop());
    }
    return process.env[URL_VARIABLE]!;
  })();
  return clusterUrl;
}

async function admin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: await findClusterUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Makes a fresh database with the newest schema; disposing drops it. */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const name = `test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  await admin(`CREATE DATABASE ${name}`);
  const url = new URL(await findClusterUrl());
  url.pathname = `/${name}`;
  const db = await openDatabase({
    url: url.href,
    poolSize: options.poolSize ?? 8,
    log: options.log ?? silentLogger,
    clock: options.clock ?? systemClock,
    metrics: options.metrics,
  });
  if (options.isEmpty !== true) await db.migrate();
  return {
    ...db,
    url: url.href,
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]();
      await admin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}
