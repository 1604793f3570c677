import type { Migration } from './migration.ts';

/** Chats in which forwarding is disabled. */
export const migration: Migration = {
  number: 17,
  subject: 'chat-protection',
  statements: [`ALTER TABLE dialogs ADD COLUMN protected_by smallint NOT NULL DEFAULT 0`],
};
