import type { Migration } from './migration.ts';

/**
 * What a bot sees as an admin follows from its role, and `all_from` says only what it sees as a member. Admins whose privacy mode is on have a value that a promotion has
 * set; -1 says that. Older programs take it as "from the beginning", which is right for an admin.
 */
export const migration: Migration = {
  number: 134,
  subject: 'bot sight',
  statements: ['chat_members', 'channel_members'].map(
    (members) => `UPDATE ${members} m SET all_from = -1 FROM bots b WHERE b.bot_id = m.user_id AND NOT b.reads_all AND m.all_from IS NOT NULL AND m.status = 'member' AND m.role = 'admin'`,
  ),
};
