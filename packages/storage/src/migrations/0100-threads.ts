import type { Migration } from './migration.ts';

/** Threads of supergroups: which message each reply belongs to, what a thread contains, and what each person has read of it. */
export const migration: Migration = {
  number: 100,
  subject: 'threads',
  statements: [
    'ALTER TABLE channel_messages ADD COLUMN top_id integer, ADD COLUMN top_ordinal integer',
    'CREATE INDEX channel_messages_thread ON channel_messages (channel_id, top_id, msg_id) WHERE top_id IS NOT NULL',
    `CREATE TABLE channel_threads (
       channel_id bigint NOT NULL,
       top_id integer NOT NULL,
       count integer NOT NULL,
       ordinal integer NOT NULL,
       top_msg_id integer NOT NULL,
       repliers bigint[] NOT NULL,
       version integer NOT NULL,
       PRIMARY KEY (channel_id, top_id)
     ) WITH (fillfactor = 70)`,
    `CREATE TABLE thread_gaps (
       channel_id bigint NOT NULL,
       top_id integer NOT NULL,
       bucket integer NOT NULL,
       ordinals integer[] NOT NULL,
       author_ids bigint[] NOT NULL,
       PRIMARY KEY (channel_id, top_id, bucket)
     ) WITH (fillfactor = 70)`,
    `CREATE TABLE thread_members (
       channel_id bigint NOT NULL,
       top_id integer NOT NULL,
       user_id bigint NOT NULL,
       own_posts integer NOT NULL,
       PRIMARY KEY (channel_id, top_id, user_id)
     ) WITH (fillfactor = 70)`,
    `CREATE TABLE user_threads (
       owner_id bigint NOT NULL,
       channel_id bigint NOT NULL,
       top_id integer NOT NULL,
       read_max_id integer NOT NULL DEFAULT 0,
       read_ordinal integer NOT NULL DEFAULT 0,
       own_at_read integer NOT NULL DEFAULT 0,
       PRIMARY KEY (owner_id, channel_id, top_id)
     ) WITH (fillfactor = 70)`,
    // Messages from before this migration belong to no thread, so neither do mentions in them.
    'ALTER TABLE unread_mentions ADD COLUMN top_id integer',
  ],
};
