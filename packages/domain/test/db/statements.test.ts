import { sql } from '@aerogram/storage';
import { listStatements, testDatabase } from '@aerogram/storage/testing';
import { expect, test } from 'vitest';
// Loads all modules that declare statements.
import '../../src/index.ts';

/** Statements that PREPARE does not take. Other database tests run each of them. */
const NOT_PREPARED = /^(BEGIN|COMMIT|ROLLBACK|SET|TRUNCATE)\b/;

test('the engine understands each declared statement, also those that no database test runs', async () => {
  await using db = await testDatabase();
  const statements = [...listStatements()].filter(([, text]) => !NOT_PREPARED.test(text.trim()));
  expect(statements.length).toBeGreaterThan(300);
  const refused: string[] = [];
  for (const [name, text] of statements) {
    await sql.raw(`PREPARE ${name} AS ${text}`).execute(db.q).catch((error: unknown) => refused.push(`${name}: ${String(error)}`));
  }
  expect(refused).toEqual([]);
});
