import type { Migration } from './migration.ts';

/** Exports of all data of a person, and the index by which one finds the channels that a person has left. */
export const migration: Migration = {
  number: 123,
  subject: 'takeouts',
  statements: [
    `CREATE TABLE takeouts (
       user_id bigint NOT NULL,
       auth_key_id bigint NOT NULL,
       requested_date integer NOT NULL,
       takeout_id bigint,
       other_data bytea,
       PRIMARY KEY (user_id, auth_key_id)
     )`,
    `CREATE INDEX channel_members_left ON channel_members (user_id, date DESC, channel_id) WHERE status = 'left'`,
  ],
};
