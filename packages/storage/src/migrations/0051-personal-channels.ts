import type { Migration } from './migration.ts';

/** The channel that a user shows on the profile page. */
export const migration: Migration = {
  number: 51,
  subject: 'personal-channels',
  statements: ['ALTER TABLE users ADD COLUMN personal_channel_id bigint'],
};
