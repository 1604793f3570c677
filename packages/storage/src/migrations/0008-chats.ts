import type { Migration } from './migration.ts';

/** What private chats have besides messages: pins, reactions, folders, scheduled messages. */
export const migration: Migration = {
  number: 8,
  subject: 'chats',
  statements: [
    // The pinned messages of a dialog. A flag of the message also says so, but `messages` must not have an index on it.
    `CREATE TABLE pinned_messages (
       owner_id bigint NOT NULL,
       peer_id bigint NOT NULL,
       msg_id integer NOT NULL,
       PRIMARY KEY (owner_id, peer_id, msg_id)
     )`,
    // Messages with reactions that their author has not seen. A flag of the message also says so.
    `CREATE TABLE unread_reactions (
       owner_id bigint NOT NULL,
       peer_id bigint NOT NULL,
       msg_id integer NOT NULL,
       PRIMARY KEY (owner_id, peer_id, msg_id)
     )`,
    `CREATE TABLE used_reactions (
       owner_id bigint NOT NULL,
       emoticon text NOT NULL,
       uses integer NOT NULL,
       recent_date integer,
       PRIMARY KEY (owner_id, emoticon)
     )`,
    // Filter 0 is the list of all chats; it has a row only once it was given a position.
    `CREATE TABLE dialog_filters (
       owner_id bigint NOT NULL,
       filter_id smallint NOT NULL,
       place integer NOT NULL,
       filter bytea NOT NULL,
       PRIMARY KEY (owner_id, filter_id)
     )`,
    // One row per owner who changed a setting.
    `CREATE TABLE chat_settings (
       owner_id bigint PRIMARY KEY,
       folder_tags boolean NOT NULL DEFAULT false,
       last_scheduled_id integer NOT NULL DEFAULT 0
     )`,
    // When the peer read the owner's messages.
    `CREATE TABLE read_dates (
       owner_id bigint NOT NULL,
       peer_id bigint NOT NULL,
       max_id integer NOT NULL,
       date integer NOT NULL,
       PRIMARY KEY (owner_id, peer_id, max_id)
     )`,
    `CREATE INDEX read_dates_date ON read_dates USING brin (date)`,
    // Pinned dialogs in Saved Messages.
    `CREATE TABLE saved_pins (
       owner_id bigint NOT NULL,
       peer_id bigint NOT NULL,
       place integer NOT NULL,
       PRIMARY KEY (owner_id, peer_id)
     )`,
    `CREATE TABLE scheduled_messages (
       owner_id bigint NOT NULL,
       peer_id bigint NOT NULL,
       msg_id integer NOT NULL,
       random_id bigint NOT NULL,
       schedule_date integer NOT NULL,
       edit_date integer,
       flags integer NOT NULL,
       reply_to_msg_id integer,
       saved_peer_id bigint,
       text text NOT NULL,
       extra bytea,
       PRIMARY KEY (owner_id, peer_id, msg_id)
     )`,
    `CREATE UNIQUE INDEX scheduled_messages_random ON scheduled_messages (owner_id, random_id)`,
    // Messages that wait until their recipient is online.
    `CREATE INDEX scheduled_messages_awaited ON scheduled_messages (peer_id) WHERE schedule_date = 2147483646`,
  ],
};
