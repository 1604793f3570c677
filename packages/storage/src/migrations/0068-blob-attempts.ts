import type { Migration } from './migration.ts';

/** Which blobs could not be read when they were to be checked, so that the check goes on with the others. */
export const migration: Migration = {
  number: 68,
  subject: 'blob attempts',
  statements: [
    'ALTER TABLE blobs ADD COLUMN tried_date integer NOT NULL DEFAULT 0',
    'DROP INDEX blobs_by_check',
    'CREATE INDEX blobs_by_check ON blobs (checked_date) WHERE tried_date = 0',
    'CREATE INDEX blobs_by_attempt ON blobs (tried_date) WHERE tried_date > 0',
  ],
};
