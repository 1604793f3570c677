// Notes every form of SQL statement that a test run on PostgreSQL 18 needs, so that a later run on PostgreSQL 15 can show that this version understands it
// (packages/storage/test/db/recorded-statements.test.ts). Statements that are built at run time are found in no other way.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** Names the directory of the notes, in which each run writes a file. Without it nothing is noted. */
export const STATEMENTS_VARIABLE = 'AEROGRAM_TEST_STATEMENTS_DIR';

async function withClient(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Whether the engine can prepare a statement. Its texts have parameters in the place of constants, which not every place of a statement allows. */
async function canPrepare(client, text) {
  try {
    await client.query(`PREPARE recorded AS ${text}`);
    await client.query('DEALLOCATE recorded');
    return true;
  } catch {
    return false;
  }
}

/** @returns {import('@aerogram/storage/testing').StatementRecorder | undefined} undefined if this run notes nothing: an engine that is asked later on need not be noted */
export function createRecorder() {
  const directory = process.env[STATEMENTS_VARIABLE];
  if (directory === undefined || (process.env.AEROGRAM_TEST_ENGINE ?? '18') !== '18') return undefined;
  return {
    // The list has an entry for each form in each database of a test. When it is full, PostgreSQL drops rare ones, so it is long.
    settings: { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.max': '400000', 'pg_stat_statements.track_utility': 'off' },
    end: async (clusterUrl, templateUrl) => {
      const rows = await withClient(clusterUrl, async (client) => {
        await client.query('CREATE EXTENSION pg_stat_statements');
        return (await client.query('SELECT DISTINCT query FROM pg_stat_statements')).rows;
      });
      await withClient(templateUrl, async (client) => {
        const texts = [];
        // Programs of PostgreSQL, such as pg_dump, ask for what their version has.
        for (const { query } of rows) if (!query.includes('pg_catalog.') && (await canPrepare(client, query))) texts.push(query);
        mkdirSync(directory, { recursive: true });
        writeFileSync(join(directory, `${process.pid}.json`), JSON.stringify(texts.sort()));
      });
    },
  };
}
