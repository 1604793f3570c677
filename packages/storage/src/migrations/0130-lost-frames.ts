import type { Migration } from './migration.ts';

/** Shows operators that frames were lost between two data centres: they were older than what the sender keeps. */
export const migration: Migration = {
  number: 130,
  subject: 'lost frames',
  statements: ['ALTER TABLE homes ADD COLUMN lost_frames bigint NOT NULL DEFAULT 0'],
};
