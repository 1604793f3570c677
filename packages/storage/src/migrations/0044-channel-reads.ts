import type { Migration } from './migration.ts';

/** When the members of small supergroups read them. */
export const migration: Migration = {
  number: 44,
  subject: 'channel-reads',
  statements: [
    // Rows are added when a read mark moves, and deleted after a week, in the order of their dates.
    `CREATE TABLE channel_reads (
       channel_id bigint NOT NULL,
       user_id bigint NOT NULL,
       max_id integer NOT NULL,
       date integer NOT NULL,
       PRIMARY KEY (channel_id, user_id, max_id)
     )`,
    `CREATE INDEX channel_reads_date ON channel_reads USING brin (date)`,
  ],
};
