import { sql } from '@aerogram/storage';
import { listStatements, tablesWrittenBy, testDatabase } from '@aerogram/storage/testing';
import { expect, test } from 'vitest';
// Loads all modules that declare statements.
import '../../src/index.ts';

/** Statements that PREPARE does not take. Other database tests run each of them. */
const NOT_PREPARED = /^(BEGIN|COMMIT|ROLLBACK|SET|TRUNCATE)\b/;

test('the engine understands each declared statement, also those that no database test runs, and writes by those that are known to write', async () => {
  // One connection, which keeps what was prepared.
  await using db = await testDatabase({ poolSize: 1 });
  const statements = [...listStatements()].filter(([, text]) => !NOT_PREPARED.test(text.trim()));
  expect(statements.length).toBeGreaterThan(300);
  const refused: string[] = [];
  for (const [name, text] of statements) {
    await sql.raw(`PREPARE ${name} AS ${text}`).execute(db.q).catch((error: unknown) => refused.push(`${name}: ${String(error)}`));
  }
  expect(refused).toEqual([]);

  // `Database.run` refuses statements that write; which ones do is judged by their text.
  const prepared = await sql<{ name: string; count: number }>`SELECT name, cardinality(parameter_types) AS count FROM pg_prepared_statements`.execute(db.q);
  const misjudged: string[] = [];
  for (const { name, count } of prepared.rows) {
    const values = count > 0 ? `(${Array.from({ length: count }, () => 'NULL').join()})` : '';
    const { rows } = await sql.raw<{ 'QUERY PLAN': string }>(`EXPLAIN EXECUTE ${name}${values}`).execute(db.q);
    const writes = rows.some((row) => /\b(Insert|Update|Delete|Merge) on /.test(row['QUERY PLAN']));
    const text = listStatements().get(name);
    if (text !== undefined && writes !== tablesWrittenBy(text).length > 0) misjudged.push(name);
  }
  expect(misjudged).toEqual([]);
});
