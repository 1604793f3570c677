import type { Migration } from './migration.ts';

/** Searches in one thread of a supergroup, and messages that are scheduled in a topic of a forum. */
export const migration: Migration = {
  number: 104,
  subject: 'topics in use',
  statements: [
    // Search rows of supergroups name the thread of each message. Those that exist are written again.
    `DELETE FROM search_state s USING channels c WHERE s.owner_id = -1000000000000 - c.channel_id AND c.kind <> 'broadcast'`,
    'ALTER TABLE scheduled_messages ADD COLUMN top_id integer',
  ],
};
