import type { Migration } from './migration.ts';

/** The photos that stand beside the names of groups and channels. Each is kept by a row in `kept_documents`. */
export const migration: Migration = {
  number: 74,
  subject: 'photos of groups and channels',
  statements: ['ALTER TABLE chats ADD COLUMN photo_id bigint, ADD COLUMN photo_stripped bytea', 'ALTER TABLE channels ADD COLUMN photo_id bigint, ADD COLUMN photo_stripped bytea'],
};
