import type { Migration } from './migration.ts';

/** Copies of the posts of channels in their discussion groups, and what the posts show of the comments on them. */
export const migration: Migration = {
  number: 103,
  subject: 'post comments',
  statements: [
    'ALTER TABLE channel_threads ADD COLUMN source_id bigint, ADD COLUMN post_id integer, ADD COLUMN is_telling boolean NOT NULL DEFAULT false',
    `CREATE TABLE post_copies (
       channel_id bigint NOT NULL,
       source_id bigint NOT NULL,
       post_id integer NOT NULL,
       msg_id integer NOT NULL,
       root_id integer NOT NULL,
       version integer NOT NULL,
       PRIMARY KEY (channel_id, source_id, post_id)
     ) WITH (fillfactor = 90)`,
    `CREATE TABLE post_comments (
       channel_id bigint NOT NULL,
       msg_id integer NOT NULL,
       root_id integer NOT NULL,
       count integer NOT NULL,
       max_id integer NOT NULL,
       repliers bigint[] NOT NULL,
       is_closed boolean NOT NULL,
       version integer NOT NULL,
       PRIMARY KEY (channel_id, msg_id)
     ) WITH (fillfactor = 70)`,
  ],
};
