import type { Migration } from './migration.ts';

/** Which reactions the admins of a group or channel allow. */
export const migration: Migration = {
  number: 85,
  subject: 'available reactions',
  // A stored ChatReactions; null: nobody has set it.
  statements: ['ALTER TABLE chats ADD COLUMN available_reactions bytea', 'ALTER TABLE channels ADD COLUMN available_reactions bytea'],
};
