import type { Migration } from './migration.ts';

/** The discussion group of a broadcast channel, and the channel of a discussion group. */
export const migration: Migration = {
  number: 102,
  subject: 'linked chats',
  statements: ['ALTER TABLE channels ADD COLUMN linked_chat_id bigint, ADD COLUMN link_number integer NOT NULL DEFAULT 0'],
};
