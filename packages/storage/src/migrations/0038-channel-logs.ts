import type { Migration } from './migration.ts';

/** How far the log of a channel was cut. */
export const migration: Migration = {
  number: 38,
  subject: 'channel-logs',
  statements: [
    // Entries up to this pts may have been deleted. A client that is not beyond it gets the newest message instead of the events.
    'ALTER TABLE channel_heads ADD COLUMN log_cut_pts integer NOT NULL DEFAULT 0',
  ],
};
