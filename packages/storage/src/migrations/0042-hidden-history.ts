import type { Migration } from './migration.ts';

/** The part of a channel's history that a member does not see. */
export const migration: Migration = {
  number: 42,
  subject: 'hidden-history',
  statements: [
    // `hidden_max_id`: the newest message when the member joined a channel that hid its history; `cleared_max_id`: up to where the member cleared it.
    `ALTER TABLE channel_members
       ADD COLUMN hidden_max_id integer NOT NULL DEFAULT 0,
       ADD COLUMN cleared_max_id integer NOT NULL DEFAULT 0`,
  ],
};
