import type { Migration } from './migration.ts';

/** When each blob was last read and compared with its hashes, and what was wrong with it. */
export const migration: Migration = {
  number: 61,
  subject: 'blob checks',
  statements: [
    `ALTER TABLE blobs ADD COLUMN checked_date integer NOT NULL DEFAULT 0, ADD COLUMN fault text`,
    // Uploads are compared with their hashes when they are stored.
    'UPDATE blobs SET checked_date = created_date',
    'CREATE INDEX blobs_by_check ON blobs (checked_date)',
    'CREATE INDEX blobs_with_faults ON blobs (name) WHERE fault IS NOT NULL',
  ],
};
