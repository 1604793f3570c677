import type { Migration } from './migration.ts';

/**
 * A custom emoji that stands beside the name of a person or channel, until a time if one is set, and those that a person has had, the newest first; one that is the icon of a topic; and those behind names and on profile pages.
 */
export const migration: Migration = {
  number: 138,
  subject: 'emoji-statuses',
  statements: [
    'ALTER TABLE users ADD COLUMN emoji_status_id int8, ADD COLUMN emoji_status_until int, ADD COLUMN color_emoji_id int8, ADD COLUMN profile_color_emoji_id int8',
    'ALTER TABLE channels ADD COLUMN emoji_status_id int8, ADD COLUMN emoji_status_until int, ADD COLUMN color_emoji_id int8, ADD COLUMN profile_color_emoji_id int8',
    'ALTER TABLE forum_topics ADD COLUMN icon_emoji_id int8',
    'ALTER TABLE user_settings ADD COLUMN recent_statuses int8[]',
  ],
};
