import type { Migration } from './migration.ts';

/**
 * A log for each device, for what one device alone may see, and the secret chats that use it. Each side of a chat has a row, keyed by its owner. The server knows
 * none of the keys: what it keeps of a message are bytes that only the two devices can read, until the device has them.
 */
export const migration: Migration = {
  number: 141,
  subject: 'secret chats',
  statements: [
    `
CREATE TABLE device_logs (
  owner_id int8 NOT NULL,
  auth_key_id int8 NOT NULL,
  seq int4 NOT NULL,
  qts int4 NOT NULL,
  confirmed_qts int4 NOT NULL,
  -- Of the messages that the device has not confirmed.
  message_count int4 NOT NULL,
  message_bytes int8 NOT NULL,
  epoch int4 NOT NULL,
  PRIMARY KEY (owner_id, auth_key_id)
) WITH (fillfactor = 60);

CREATE TABLE device_events (
  owner_id int8 NOT NULL,
  auth_key_id int8 NOT NULL,
  seq int4 NOT NULL,
  -- 0 for what is no message: of that, only the last of each kind in a chat is kept.
  qts int4 NOT NULL,
  kind int2 NOT NULL,
  chat_id int4 NOT NULL,
  date int4 NOT NULL,
  random_id int8,
  file_id int8,
  payload bytea NOT NULL,
  PRIMARY KEY (owner_id, auth_key_id, seq)
);
-- The payload of a message looks random, so there is nothing to compress.
ALTER TABLE device_events ALTER COLUMN payload SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX device_events_by_qts ON device_events (owner_id, auth_key_id, qts) WHERE qts > 0;
CREATE UNIQUE INDEX device_events_by_chat ON device_events (owner_id, auth_key_id, chat_id, kind) WHERE qts = 0;
CREATE INDEX device_events_by_file ON device_events (file_id) WHERE file_id IS NOT NULL;

CREATE TABLE secret_chats (
  owner_id int8 NOT NULL,
  chat_id int4 NOT NULL,
  -- The device of the owner; 0 until one of them has accepted the chat.
  auth_key_id int8 NOT NULL,
  peer_id int8 NOT NULL,
  peer_auth_key_id int8 NOT NULL,
  is_requester bool NOT NULL,
  access_hash int8 NOT NULL,
  state int2 NOT NULL,
  g_a bytea NOT NULL,
  g_b bytea,
  fingerprint int8,
  date int4 NOT NULL,
  read_date int4 NOT NULL DEFAULT 0,
  ended_date int4,
  ended_by_owner bool NOT NULL DEFAULT false,
  PRIMARY KEY (owner_id, chat_id)
) WITH (fillfactor = 80);
CREATE INDEX secret_chats_ended ON secret_chats (ended_date) WHERE ended_date IS NOT NULL;

CREATE TABLE secret_sends (
  owner_id int8 NOT NULL,
  chat_id int4 NOT NULL,
  random_id int8 NOT NULL,
  date int4 NOT NULL,
  file_id int8,
  PRIMARY KEY (owner_id, chat_id, random_id)
);
CREATE INDEX secret_sends_by_date ON secret_sends (date);

CREATE TABLE secret_files (
  file_id int8 NOT NULL PRIMARY KEY,
  uploader_id int8 NOT NULL,
  identity bytea NOT NULL UNIQUE,
  size int8 NOT NULL,
  key_fingerprint int4 NOT NULL,
  is_sent bool NOT NULL,
  created_date int4 NOT NULL,
  -- When a message last named it.
  used_date int4 NOT NULL
);
CREATE INDEX secret_files_by_use ON secret_files (used_date);
CREATE INDEX secret_files_unsent ON secret_files (uploader_id) WHERE NOT is_sent;
`,
    // A log enters an epoch when it is locked. Whoever only reads it must not see less than clients may have seen.
    `CREATE VIEW device_logs_now AS
     SELECT d.owner_id, d.auth_key_id, d.confirmed_qts,
            d.seq + (e.value::integer - d.epoch) * 1000000 AS seq,
            d.qts + (e.value::integer - d.epoch) * 1000000 AS qts
       FROM meta e, device_logs d WHERE e.key = 'epoch'`,
  ],
};
