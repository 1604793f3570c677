import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { testDatabase } from '../../testing/index.ts';

/** Where the runs on PostgreSQL 18 have noted their statements (tools/test/recorded-statements.mjs). */
const directory = process.env['AEROGRAM_TEST_STATEMENTS_DIR'];

test.skipIf(directory === undefined || !existsSync(directory))('this version understands each form of statement that tests have run on the other one', async () => {
  // A prepared statement belongs to its connection, so all are prepared and released on one.
  await using db = await testDatabase({ poolSize: 1 });
  const texts = new Set(readdirSync(directory!).flatMap((name) => JSON.parse(readFileSync(path.join(directory!, name), 'utf8')) as string[]));
  expect(texts.size).toBeGreaterThan(300);
  const refused: string[] = [];
  for (const text of texts) {
    await sql.raw(`PREPARE recorded AS ${text}`).execute(db.q).then(
      () => sql`DEALLOCATE recorded`.execute(db.q),
      (error: unknown) => refused.push(`${String(error)}: ${text}`),
    );
  }
  expect(refused).toEqual([]);
});
