import type { Migration } from './migration.ts';

/** Message boxes of private chats and basic groups, with one row per message and owner, and the owner's dialogs. */
export const migration: Migration = {
  number: 3,
  subject: 'messages',
  statements: [
    `
CREATE TABLE messages (
  owner_id int8 NOT NULL,
  msg_id int4 NOT NULL,
  global_id int8 NOT NULL,
  peer_id int8 NOT NULL,
  from_id int8 NOT NULL,
  saved_peer_id int8,
  pts int4 NOT NULL,
  date int4 NOT NULL,
  edit_date int4,
  flags int4 NOT NULL,
  reply_to_msg_id int4,
  text text NOT NULL,
  extra bytea,
  PRIMARY KEY (owner_id, msg_id)
);
CREATE UNIQUE INDEX messages_global ON messages (owner_id, global_id);
CREATE INDEX messages_peer ON messages (owner_id, peer_id, msg_id);
CREATE INDEX messages_pts ON messages (owner_id, pts);

CREATE TABLE dialogs (
  owner_id int8 NOT NULL,
  peer_id int8 NOT NULL,
  top_msg_id int4 NOT NULL DEFAULT 0,
  top_date int4 NOT NULL DEFAULT 0,
  msg_count int4 NOT NULL DEFAULT 0,
  unread_count int4 NOT NULL DEFAULT 0,
  read_inbox_max_id int4 NOT NULL DEFAULT 0,
  read_outbox_max_id int4 NOT NULL DEFAULT 0,
  read_inbox_pts int4 NOT NULL DEFAULT 0,
  read_outbox_pts int4 NOT NULL DEFAULT 0,
  unread_mark bool NOT NULL DEFAULT false,
  pinned_order int4 NOT NULL DEFAULT 0,
  folder_id int4 NOT NULL DEFAULT 0,
  draft bytea,
  draft_date int4 NOT NULL DEFAULT 0,
  PRIMARY KEY (owner_id, peer_id)
) WITH (fillfactor = 60);
`,
  ],
};
