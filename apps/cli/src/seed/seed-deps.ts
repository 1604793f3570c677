import type { Database } from '@aerogram/storage';

/** Dependencies of the seeding. */
export interface SeedDeps {
  /** With a pool of one connection, whose time limit is removed at the end. */
  db: Database;
  nowDate: number;
  /** Called with the progress now and then. */
  say: (line: string) => void;
}
