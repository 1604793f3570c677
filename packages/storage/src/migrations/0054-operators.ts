import type { Migration } from './migration.ts';

/** What operators do and decide: their log, who may create what, how long messages are kept, which channels newcomers join. */
export const migration: Migration = {
  number: 54,
  subject: 'operators',
  statements: [
    `CREATE TABLE operator_log (
       entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
       date integer NOT NULL,
       what text NOT NULL,
       command bytea,
       done_date integer,
       outcome text
     )`,
    `CREATE TABLE creation_policies (subject text PRIMARY KEY, who text NOT NULL)`,
    `CREATE TABLE creation_policy_users (subject text NOT NULL, user_id bigint NOT NULL, PRIMARY KEY (subject, user_id))`,
    // Peer 0 has the default for all groups and channels; 0 days: messages are kept.
    `CREATE TABLE chat_retention (peer_id bigint PRIMARY KEY, days integer NOT NULL)`,
    `CREATE TABLE newcomer_channels (channel_id bigint PRIMARY KEY, added_date integer NOT NULL)`,
  ],
};
