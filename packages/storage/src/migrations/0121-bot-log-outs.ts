import type { Migration } from './migration.ts';

/** Until when bots that have logged out are refused: the node that answers for a bot may change meanwhile. */
export const migration: Migration = {
  number: 121,
  subject: 'bot log-outs',
  statements: ['ALTER TABLE bots ADD COLUMN logged_out_until integer NOT NULL DEFAULT 0'],
};
