import type { Migration } from './migration.ts';

/** Who owned a channel when it was banned in a group: the ban holds for that user even if the channel belongs to somebody else now. */
export const migration: Migration = {
  number: 88,
  subject: 'banned owners',
  statements: [
    'ALTER TABLE channel_members ADD COLUMN banned_owner_id bigint',
    `UPDATE channel_members AS m SET banned_owner_id = c.creator_id
       FROM channels AS c WHERE m.user_id < 0 AND m.status = 'banned' AND c.channel_id = -m.user_id - 1000000000000`,
  ],
};
