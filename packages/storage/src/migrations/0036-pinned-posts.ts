import type { Migration } from './migration.ts';

/** An index of the pinned messages of channels. */
export const migration: Migration = {
  number: 36,
  subject: 'pinned-posts',
  statements: [
    // 512 is `MessageFlag.pinned`. Queries must contain the same condition.
    'CREATE INDEX channel_messages_pinned ON channel_messages (channel_id, msg_id) WHERE flags & 512 <> 0',
  ],
};
