import type { Migration } from './migration.ts';

/**
 * Numbers the updates without pts, so that the server can find out that an online device lacks one. No index is needed: updates that a
 * device lacks have the device's pts or a higher one, and the primary key of the log finds those.
 */
export const migration: Migration = {
  number: 11,
  subject: 'loose-updates',
  statements: [
    `ALTER TABLE counters ADD COLUMN loose_seq integer NOT NULL DEFAULT 0`,
    `ALTER TABLE update_log ADD COLUMN loose_seq integer NOT NULL DEFAULT 0`,
  ],
};
