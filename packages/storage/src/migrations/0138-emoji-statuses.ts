import type { Migration } from './migration.ts';

/** A custom emoji that stands beside the name of a person or channel, until a time if one is set; and those that a person has had, the newest first. */
export const migration: Migration = {
  number: 138,
  subject: 'emoji-statuses',
  statements: [
    'ALTER TABLE users ADD COLUMN emoji_status_id int8, ADD COLUMN emoji_status_until int',
    'ALTER TABLE channels ADD COLUMN emoji_status_id int8, ADD COLUMN emoji_status_until int',
    'ALTER TABLE user_settings ADD COLUMN recent_statuses int8[]',
  ],
};
