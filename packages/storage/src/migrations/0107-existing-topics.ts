import type { Migration } from './migration.ts';

/** Topics of a forum are listed and counted without those that were deleted, whose rows stay. */
export const migration: Migration = {
  number: 107,
  subject: 'existing topics',
  statements: ['CREATE INDEX forum_topics_existing ON forum_topics (channel_id, topic_id) WHERE NOT deleted'],
};
