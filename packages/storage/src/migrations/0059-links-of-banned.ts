import type { Migration } from './migration.ts';

/** Links of people who were banned from a group or channel, or have no account any more, are revoked. Links are found by who has made them. */
export const migration: Migration = {
  number: 59,
  subject: 'links-of-banned',
  statements: [
    'CREATE INDEX invites_of_user ON invites (admin_id) WHERE NOT revoked',
    `UPDATE invites i SET revoked = true FROM channel_members m
      WHERE NOT i.revoked AND i.owner_id <= -1000000000000 AND m.channel_id = -1000000000000 - i.owner_id AND m.user_id = i.admin_id AND m.status = 'banned'`,
    `UPDATE invites i SET revoked = true FROM chat_members m
      WHERE NOT i.revoked AND i.owner_id > -1000000000000 AND m.chat_id = -i.owner_id AND m.user_id = i.admin_id AND m.status = 'banned'`,
    'UPDATE invites i SET revoked = true FROM users u WHERE NOT i.revoked AND u.user_id = i.admin_id AND u.deleted',
  ],
};
