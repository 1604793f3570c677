/** One numbered migration of the schema. Once released, its statements never change. */
export interface Migration {
  /** 1, 2, 3, … without gaps; the number in the file's name. */
  readonly number: number;
  /** The subject; the rest of the file's name. */
  readonly subject: string;
  /** SQL statements, run in order in one transaction. They must work in PostgreSQL 15. */
  readonly statements: readonly string[];
  /**
   * For a step that takes something away or changes it: the lowest schema version of the programs that do not use it any more, which is that of an earlier release.
   * Servers of older programs are refused from then on. Absent: the step only adds what older programs do not need.
   */
  readonly oldestProgram?: number;
}
