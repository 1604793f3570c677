/** One numbered step forward of the schema. Once released, its text never changes. */
export interface Migration {
  /** 1, 2, 3, … without holes; the number in the file's name. */
  readonly number: number;
  /** What it is about; the rest of the file's name. */
  readonly subject: string;
  /** Statements, run in order in one transaction. SQL that PostgreSQL 15 has. */
  readonly statements: readonly string[];
}
