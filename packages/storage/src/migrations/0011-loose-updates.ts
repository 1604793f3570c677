import type { Migration } from './migration.ts';

/**
 * A position for updates without pts, so that a device that is online can be found to lack one. It needs no index: what
 * lies behind a device lies at its pts or later, where the log's key finds it.
 */
export const migration: Migration = {
  number: 11,
  subject: 'loose-updates',
  statements: [
    `ALTER TABLE counters ADD COLUMN loose_seq integer NOT NULL DEFAULT 0`,
    `ALTER TABLE update_log ADD COLUMN loose_seq integer NOT NULL DEFAULT 0`,
  ],
};
