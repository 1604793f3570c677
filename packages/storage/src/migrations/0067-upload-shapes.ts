import type { Migration } from './migration.ts';

/** What tells a repeated call for a finished upload from a call for another file under the same id. */
export const migration: Migration = {
  number: 67,
  subject: 'upload shapes',
  statements: [
    // The rows of before do not have it. They last for a day, and without them a client that repeats a call uploads its file again.
    'DELETE FROM finished_uploads',
    `ALTER TABLE finished_uploads ADD COLUMN size bigint NOT NULL, ADD COLUMN parts integer NOT NULL, ADD COLUMN part_size integer NOT NULL, ADD COLUMN md5 bytea`,
  ],
};
