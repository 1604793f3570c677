import type { Migration } from './migration.ts';

/** How long the messages of a chat live. */
export const migration: Migration = {
  number: 12,
  subject: 'chat-time',
  statements: [
    `ALTER TABLE messages ADD COLUMN ttl_period integer`,
    // Chats from before this migration are not new ones, whoever wrote in them.
    `ALTER TABLE dialogs
       ADD COLUMN ttl_period integer NOT NULL DEFAULT 0,
       ADD COLUMN owner_wrote boolean NOT NULL DEFAULT true`,
    `ALTER TABLE dialogs ALTER COLUMN owner_wrote SET DEFAULT false`,
    `ALTER TABLE chat_settings ADD COLUMN default_ttl_period integer NOT NULL DEFAULT 0`,
    // Which messages end when: no index of \`messages\` may say it, and few messages have an end.
    `CREATE TABLE expiring_messages (
       owner_id bigint NOT NULL,
       msg_id integer NOT NULL,
       expires_date integer NOT NULL,
       PRIMARY KEY (owner_id, msg_id)
     )`,
    `CREATE INDEX expiring_messages_date ON expiring_messages (expires_date)`,
  ],
};
