import type { Migration } from './migration.ts';

/** Bots in groups and channels: how many there are, and from which message on each of them sees everything. */
export const migration: Migration = {
  number: 94,
  subject: 'bot privacy',
  statements: [
    'ALTER TABLE chats ADD COLUMN bots integer NOT NULL DEFAULT 0',
    'ALTER TABLE chat_members ADD COLUMN all_from integer',
    'ALTER TABLE channel_heads ADD COLUMN bots integer NOT NULL DEFAULT 0',
    'ALTER TABLE channel_members ADD COLUMN all_from integer',
    'ALTER TABLE chats ADD COLUMN last_bot_id bigint',
    'ALTER TABLE channel_heads ADD COLUMN last_bot_id bigint',
    // Bots that are members already go on seeing everything.
    `UPDATE chat_members m SET all_from = 0 FROM users u WHERE u.user_id = m.user_id AND u.bot`,
    `UPDATE channel_members m SET all_from = 0 FROM users u WHERE u.user_id = m.user_id AND u.bot`,
    `UPDATE chats c SET bots = n.bots FROM (SELECT chat_id, count(*)::integer AS bots FROM chat_members WHERE all_from IS NOT NULL AND status = 'member' GROUP BY chat_id) n WHERE n.chat_id = c.chat_id`,
    `UPDATE channel_heads h SET bots = n.bots FROM (SELECT channel_id, count(*)::integer AS bots FROM channel_members WHERE all_from IS NOT NULL AND status = 'member' GROUP BY channel_id) n WHERE n.channel_id = h.channel_id`,
    'CREATE INDEX channel_bots ON channel_members (channel_id) WHERE all_from IS NOT NULL',
  ],
};
