import type { Migration } from './migration.ts';

/** The photo that others see beside a user's name. All photos of the profile are in `kept_documents`. */
export const migration: Migration = {
  number: 72,
  subject: 'profile photos',
  statements: ['ALTER TABLE users ADD COLUMN photo_id bigint, ADD COLUMN photo_stripped bytea'],
};
