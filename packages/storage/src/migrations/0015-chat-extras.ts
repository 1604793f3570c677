import type { Migration } from './migration.ts';

/** Further settings and state of private chats. */
export const migration: Migration = {
  number: 15,
  subject: 'chat-extras',
  statements: [
    `ALTER TABLE chat_settings ADD COLUMN default_reaction text`,
    `ALTER TABLE scheduled_messages ADD COLUMN repeat_period integer`,
  ],
};
