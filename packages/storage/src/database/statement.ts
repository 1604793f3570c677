import { type ArrayEncoder, arrayEncodersOf } from './array-encoding.ts';

/** A prepared statement for hot paths: each connection prepares it once and then runs it by name. `R` is the type of its rows. */
export interface Statement<R> {
  readonly name: string;
  readonly text: string;
  /** Encoders of the array parameters; index 0 is `$1`. */
  readonly arrays: readonly (ArrayEncoder | undefined)[];
  /** Whether it can write a table. */
  readonly writes: boolean;
  /** Only carries the row type; never set. */
  readonly row?: R;
}

/** The result of a statement. */
export interface StatementResult<R> {
  rows: R[];
  /** Rows inserted, updated, deleted or returned. */
  count: number;
}

/** A result with PostgreSQL's command tag, such as `COMMIT` or `INSERT 0 3`. */
export interface TaggedResult<R> extends StatementResult<R> {
  tag: string;
}

/** SQL that writes a table, and the table's name. A row lock (`FOR UPDATE`) and `DO UPDATE SET` are not found. */
const WRITES = /\b(?:INSERT\s+INTO|DELETE\s+FROM|UPDATE(?=\s+\S+\s+(?:(?:AS\s+)?\S+\s+)?SET\b))\s+"?(\w+)/gi;

/** The tables that a text of SQL writes. */
export function tablesWrittenBy(text: string): string[] {
  return [...text.matchAll(WRITES)].map((match) => match[1]!);
}

/** The text of each declared statement, by its name. */
const declared = new Map<string, string>();

/**
 * Declares a prepared statement. Call it once, at the top level of a module.
 * @param name unique in the program, at most 63 characters; connections identify the statement by it
 * @param text one SQL statement with `$1`, `$2`, …
 */
export function defineStatement<R>(name: string, text: string): Statement<R> {
  if (declared.has(name) || name.length > 63) throw new Error(`statement ${name} is declared twice or its name is too long`);
  declared.set(name, text);
  return { name, text, arrays: arrayEncodersOf(text), writes: tablesWrittenBy(text).length > 0 };
}

/** Names and texts of all statements that the loaded modules declare, for a test that asks PostgreSQL for its opinion of each. */
export function listStatements(): ReadonlyMap<string, string> {
  return declared;
}
