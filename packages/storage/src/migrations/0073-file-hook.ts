import type { Migration } from './migration.ts';

/** What the hook for new files has said about content. */
export const migration: Migration = {
  number: 73,
  subject: 'file hook',
  statements: [
    'ALTER TABLE blocked_blobs ADD COLUMN by_hook boolean NOT NULL DEFAULT false',
    'CREATE INDEX blocked_blobs_by_hook ON blocked_blobs (blocked_date) WHERE by_hook',
    `CREATE TABLE accepted_blobs (
       identity bytea PRIMARY KEY,
       accepted_date integer NOT NULL)`,
    'CREATE INDEX accepted_blobs_by_date ON accepted_blobs (accepted_date)',
  ],
};
