/** A statement that each connection prepares once and then runs by name: for hot paths. `R` is the type of its rows. */
export interface Statement<R> {
  readonly name: string;
  readonly text: string;
  /** Carries the type of the rows; never set. */
  readonly row?: R;
}

/** What a statement answered. */
export interface StatementResult<R> {
  rows: R[];
  /** Rows inserted, updated, deleted or returned. */
  count: number;
}

/** Values that the driver can send. Arrays go to `unnest($1::bigint[])` and the like. */
export type SqlValue = string | number | bigint | boolean | Uint8Array | null | readonly SqlValue[];

const names = new Set<string>();

/**
 * Declares a prepared statement, once, at the top of a module.
 * @param name unique in the program, at most 63 characters; connections tell statements apart by it
 * @param text one SQL statement with `$1`, `$2`, …
 */
export function defineStatement<R>(name: string, text: string): Statement<R> {
  if (names.has(name) || name.length > 63) throw new Error(`statement ${name} is declared twice or its name is too long`);
  names.add(name);
  return { name, text };
}
