import type { Migration } from './migration.ts';

/** The photos that users set for their contacts. They are kept by rows in `kept_documents`. */
export const migration: Migration = {
  number: 76,
  subject: 'photos of contacts',
  statements: ['ALTER TABLE contacts ADD COLUMN photo_id bigint, ADD COLUMN photo_stripped bytea'],
};
