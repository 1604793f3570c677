import type { Migration } from './migration.ts';

/** The photo of a user for those who may not see the others. It is kept by a row in `kept_documents`. */
export const migration: Migration = {
  number: 75,
  subject: 'fallback photos',
  statements: ['ALTER TABLE users ADD COLUMN fallback_photo_id bigint, ADD COLUMN fallback_photo_stripped bytea'],
};
