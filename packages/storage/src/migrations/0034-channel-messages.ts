import type { Migration } from './migration.ts';

/** Messages of supergroups and channels: one row per post, whatever the number of members. */
export const migration: Migration = {
  number: 34,
  subject: 'channel-messages',
  statements: [
    `CREATE TABLE channel_messages (
       channel_id bigint NOT NULL,
       msg_id integer NOT NULL,
       pts integer NOT NULL,
       ordinal integer NOT NULL,
       poster_id bigint NOT NULL,
       from_id bigint NOT NULL,
       signature text,
       date integer NOT NULL,
       edit_date integer,
       flags integer NOT NULL,
       reply_to_msg_id integer,
       text text NOT NULL,
       extra bytea,
       ttl_period integer,
       PRIMARY KEY (channel_id, msg_id)
     )`,
    'CREATE UNIQUE INDEX channel_messages_pts ON channel_messages (channel_id, pts)',
    // The lists of members that clients page through. A post changes none of these columns.
    `CREATE INDEX channel_members_joined ON channel_members (channel_id, date DESC, user_id) WHERE status = 'member'`,
    `CREATE INDEX channel_members_admins ON channel_members (channel_id, user_id) WHERE role <> 'member'`,
    'CREATE INDEX channel_members_restricted ON channel_members (channel_id, user_id) WHERE banned_rights <> 0',
    // Clients that were away are told which of their channels have changed since.
    'ALTER TABLE channel_heads ADD COLUMN changed_date integer NOT NULL DEFAULT 0',
    // What a member had read and written when the read mark was set; the unread count is derived from these and the head of the channel.
    `ALTER TABLE dialogs
       ADD COLUMN read_ordinal integer NOT NULL DEFAULT 0,
       ADD COLUMN own_at_read integer NOT NULL DEFAULT 0,
       ADD COLUMN read_date integer NOT NULL DEFAULT 0`,
  ],
};
