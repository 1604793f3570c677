/** One numbered migration of the schema. Once released, its statements never change. */
export interface Migration {
  /** 1, 2, 3, … without gaps; the number in the file's name. */
  readonly number: number;
  /** The subject; the rest of the file's name. */
  readonly subject: string;
  /** SQL statements, run in order in one transaction. They must work in PostgreSQL 15. */
  readonly statements: readonly string[];
}
