import type { Migration } from './migration.ts';

/** Basic groups, supergroups and channels: what they are, and who is in them. Their messages are a matter of other migrations. */
export const migration: Migration = {
  number: 32,
  subject: 'groups',
  statements: [
    'CREATE SEQUENCE chat_seq AS bigint',
    'CREATE SEQUENCE channel_seq AS bigint',
    // Basic groups. `version` and `members` change with each change of members.
    `CREATE TABLE chats (
       chat_id bigint PRIMARY KEY,
       title text NOT NULL,
       about text NOT NULL DEFAULT '',
       creator_id bigint NOT NULL,
       date integer NOT NULL,
       version integer NOT NULL,
       members integer NOT NULL,
       default_rights integer NOT NULL DEFAULT 0,
       noforwards boolean NOT NULL DEFAULT false,
       deactivated boolean NOT NULL DEFAULT false,
       migrated_to bigint
     ) WITH (fillfactor = 70)`,
    // Rows of former members stay, because these people still have the group in their list of chats.
    `CREATE TABLE chat_members (
       chat_id bigint NOT NULL,
       user_id bigint NOT NULL,
       status text NOT NULL,
       role text NOT NULL,
       rank text NOT NULL DEFAULT '',
       inviter_id bigint NOT NULL,
       date integer NOT NULL,
       PRIMARY KEY (chat_id, user_id)
     ) WITH (fillfactor = 80)`,
    // Supergroups, gigagroups and broadcast channels: what changes rarely.
    `CREATE TABLE channels (
       channel_id bigint PRIMARY KEY,
       kind text NOT NULL,
       title text NOT NULL,
       about text NOT NULL DEFAULT '',
       username text,
       creator_id bigint NOT NULL,
       date integer NOT NULL,
       version integer NOT NULL,
       flags integer NOT NULL DEFAULT 0,
       default_rights integer NOT NULL DEFAULT 0,
       slow_mode_seconds integer NOT NULL DEFAULT 0,
       ttl_period integer,
       migrated_from_chat_id bigint,
       migrated_from_max_id integer
     ) WITH (fillfactor = 80)`,
    // What changes with each post and each member.
    `CREATE TABLE channel_heads (
       channel_id bigint PRIMARY KEY,
       top_msg_id integer NOT NULL DEFAULT 0,
       top_date integer NOT NULL DEFAULT 0,
       ordinal integer NOT NULL DEFAULT 0,
       members integer NOT NULL DEFAULT 0,
       read_max_id integer NOT NULL DEFAULT 0,
       read_by bigint,
       second_read_max_id integer NOT NULL DEFAULT 0
     ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500)`,
    // Rows of those who left or were banned stay. The last two columns change with each post of the member.
    `CREATE TABLE channel_members (
       channel_id bigint NOT NULL,
       user_id bigint NOT NULL,
       status text NOT NULL,
       role text NOT NULL,
       admin_rights integer NOT NULL DEFAULT 0,
       rank text NOT NULL DEFAULT '',
       banned_rights integer NOT NULL DEFAULT 0,
       until_date integer NOT NULL DEFAULT 0,
       inviter_id bigint,
       promoted_by bigint,
       banned_by bigint,
       date integer NOT NULL,
       own_posts integer NOT NULL DEFAULT 0,
       slow_mode_until integer NOT NULL DEFAULT 0,
       PRIMARY KEY (channel_id, user_id)
     ) WITH (fillfactor = 80)`,
  ],
};
