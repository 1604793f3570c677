import type { Migration } from './migration.ts';

/** A bot that has logged out of the Bot API is refused by all nodes. */
export const migration: Migration = {
  number: 120,
  subject: 'log-outs of bots',
  statements: [
    // Unix seconds.
    'ALTER TABLE bots ADD COLUMN logged_out_until integer NOT NULL DEFAULT 0',
  ],
};
