import type { Migration } from './migration.ts';

/** Which voice and round video messages of channels have been played. */
export const migration: Migration = {
  number: 70,
  subject: 'heard-posts',
  statements: [
    // Rows are deleted after a week, in the order of their dates: older messages count as played.
    `CREATE TABLE heard_posts (
       channel_id bigint NOT NULL,
       msg_id integer NOT NULL,
       user_id bigint NOT NULL,
       date integer NOT NULL,
       PRIMARY KEY (channel_id, msg_id, user_id)
     )`,
    `CREATE INDEX heard_posts_date ON heard_posts USING brin (date)`,
  ],
};
