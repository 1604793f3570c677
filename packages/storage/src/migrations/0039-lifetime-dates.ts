import type { Migration } from './migration.ts';

/** When the lifetime of a channel's messages was changed, so that devices that were away are told. */
export const migration: Migration = {
  number: 39,
  subject: 'lifetime-dates',
  statements: ['ALTER TABLE channel_heads ADD COLUMN lifetime_date integer NOT NULL DEFAULT 0'],
};
