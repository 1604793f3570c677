import type { Migration } from '../migrations/migration.ts';
import type { Client } from './connections.ts';

/** Bytes of a table that a step reads or writes in a second, with an index or a second copy: a slow disk does as much. */
const BYTES_PER_S = 20 * 2 ** 20;

/** One step that a migration would do. */
export interface PlannedStep {
  number: number;
  subject: string;
  /** Existing tables that it locks, so that nobody uses them until the whole migration is done. */
  tables: { name: string; bytes: number; isRead: boolean }[];
}

/** A table that a statement locks. */
export interface TouchedTable {
  name: string;
  /** Whether it is read from end to end, which takes as long as the table is large. */
  isRead: boolean;
}

const NAME = String.raw`"?(?:public\.)?([a-z_][a-z0-9_]*)"?`;
const FORMS: readonly { form: RegExp; reads: (rest: string) => boolean }[] = [
  { form: new RegExp(String.raw`\bALTER TABLE (?:IF EXISTS )?(?:ONLY )?${NAME}([^;]*)`, 'gi'), reads: (rest) => /\bTYPE\b|SET NOT NULL|ADD (?:CONSTRAINT|CHECK|PRIMARY|UNIQUE|FOREIGN)/i.test(rest) },
  { form: new RegExp(String.raw`\bCREATE (?:UNIQUE )?INDEX[^;]*? ON (?:ONLY )?${NAME}()`, 'gi'), reads: () => true },
  { form: new RegExp(String.raw`\b(?:UPDATE|DELETE FROM) (?:ONLY )?${NAME}()`, 'gi'), reads: () => true },
  { form: new RegExp(String.raw`\b(?:FROM|JOIN) ${NAME}()`, 'gi'), reads: () => true },
  { form: new RegExp(String.raw`\b(?:INSERT INTO|DROP TABLE(?: IF EXISTS)?|TRUNCATE) ${NAME}()`, 'gi'), reads: () => false },
];

/** Which tables a statement locks, as far as its words tell: an estimate for people. Pure. */
export function findTouchedTables(statement: string): TouchedTable[] {
  const found = new Map<string, boolean>();
  for (const { form, reads } of FORMS) {
    for (const [, name = '', rest = ''] of statement.matchAll(form)) found.set(name, reads(rest) || found.get(name) === true);
  }
  return [...found].map(([name, isRead]) => ({ name, isRead }));
}

/** Reads how large the tables are that some steps lock. Tables that the steps make, or that are empty, are left out. */
export async function weighSteps(client: Client, steps: readonly Migration[]): Promise<PlannedStep[]> {
  const touched = steps.map(({ number, subject, statements }) => ({ number, subject, tables: statements.flatMap(findTouchedTables) }));
  const names = [...new Set(touched.flatMap(({ tables }) => tables.map(({ name }) => name)))];
  const { rows } = await client.query<{ name: string; bytes: string }>(
    `SELECT name, pg_relation_size(to_regclass(quote_ident(name)))::text AS bytes FROM unnest($1::text[]) AS t (name) WHERE to_regclass(quote_ident(name)) IS NOT NULL`,
    [names],
  );
  const bytesOf = new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]));
  return touched.map(({ number, subject, tables }) => {
    const isRead = new Map<string, boolean>();
    for (const table of tables) isRead.set(table.name, table.isRead || isRead.get(table.name) === true);
    const known = [...isRead].filter(([name]) => (bytesOf.get(name) ?? 0) > 0);
    return { number, subject, tables: known.map(([name, reads]) => ({ name, bytes: bytesOf.get(name)!, isRead: reads })) };
  });
}

/** About how many seconds some steps take: all of that time they hold their locks. Pure. */
export function estimateSeconds(steps: readonly PlannedStep[]): number {
  return Math.ceil(steps.flatMap(({ tables }) => tables).reduce((sum, { bytes, isRead }) => sum + (isRead ? bytes / BYTES_PER_S : 0), 0));
}
