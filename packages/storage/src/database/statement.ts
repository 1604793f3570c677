import { type ArrayEncoder, arrayEncodersOf } from './array-encoding.ts';

/** A statement that each connection prepares once and then runs by name: for hot paths. `R` is the type of its rows. */
export interface Statement<R> {
  readonly name: string;
  readonly text: string;
  /** How its parameters that are lists are written; `$1` first. */
  readonly arrays: readonly (ArrayEncoder | undefined)[];
  /** Carries the type of the rows; never set. */
  readonly row?: R;
}

/** What a statement answered. */
export interface StatementResult<R> {
  rows: R[];
  /** Rows inserted, updated, deleted or returned. */
  count: number;
}

/** The same with the database's words for what was done, such as `COMMIT` or `INSERT 0 3`. */
export interface TaggedResult<R> extends StatementResult<R> {
  tag: string;
}

const names = new Set<string>();

/**
 * Declares a prepared statement, once, at the top of a module.
 * @param name unique in the program, at most 63 characters; connections tell statements apart by it
 * @param text one SQL statement with `$1`, `$2`, …
 */
export function defineStatement<R>(name: string, text: string): Statement<R> {
  if (names.has(name) || name.length > 63) throw new Error(`statement ${name} is declared twice or its name is too long`);
  names.add(name);
  return { name, text, arrays: arrayEncodersOf(text) };
}
