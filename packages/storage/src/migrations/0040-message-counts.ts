import type { Migration } from './migration.ts';

/** How often posts of broadcast channels were seen and forwarded. */
export const migration: Migration = {
  number: 40,
  subject: 'message-counts',
  statements: [
    // Apart from the posts, because these rows are written again and again. A post without a row was seen by its author alone.
    `CREATE TABLE message_counts (
       channel_id bigint NOT NULL,
       msg_id integer NOT NULL,
       views integer NOT NULL,
       forwards integer NOT NULL,
       PRIMARY KEY (channel_id, msg_id)
     ) WITH (fillfactor = 70)`,
  ],
};
