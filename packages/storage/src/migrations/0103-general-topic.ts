import type { Migration } from './migration.ts';

/** Which messages the topic General of a forum has from the times in which its group was no forum, and whether a person sees a forum as one list of messages. */
export const migration: Migration = {
  number: 103,
  subject: 'general topic',
  statements: [
    `CREATE TABLE general_spans (
       channel_id bigint NOT NULL,
       after_id integer NOT NULL,
       after_ordinal integer NOT NULL,
       up_to_id integer,
       up_to_ordinal integer,
       PRIMARY KEY (channel_id, after_id)
     )`,
    'ALTER TABLE dialogs ADD COLUMN as_messages boolean NOT NULL DEFAULT false',
    // The first message of a group starts no thread any more, because General has its id. There are no forums yet.
    'UPDATE channel_messages SET top_id = NULL, top_ordinal = NULL WHERE top_id = 1',
    'DELETE FROM channel_threads WHERE top_id = 1',
    'DELETE FROM thread_gaps WHERE top_id = 1',
    'DELETE FROM thread_members WHERE top_id = 1',
    'DELETE FROM user_threads WHERE top_id = 1',
  ],
};
