import type { Migration } from './migration.ts';

/** Auto-delete timers of chats. */
export const migration: Migration = {
  number: 12,
  subject: 'chat-time',
  statements: [
    `ALTER TABLE messages ADD COLUMN ttl_period integer`,
    // Existing chats do not count as new ones, whoever wrote in them.
    `ALTER TABLE dialogs
       ADD COLUMN ttl_period integer NOT NULL DEFAULT 0,
       ADD COLUMN owner_wrote boolean NOT NULL DEFAULT true`,
    `ALTER TABLE dialogs ALTER COLUMN owner_wrote SET DEFAULT false`,
    `ALTER TABLE chat_settings ADD COLUMN default_ttl_period integer NOT NULL DEFAULT 0`,
    // When messages are deleted. A separate table, because `messages` must not have an index on it, and few messages have such a date.
    `CREATE TABLE expiring_messages (
       owner_id bigint NOT NULL,
       msg_id integer NOT NULL,
       expires_date integer NOT NULL,
       PRIMARY KEY (owner_id, msg_id)
     )`,
    `CREATE INDEX expiring_messages_date ON expiring_messages (expires_date)`,
  ],
};
