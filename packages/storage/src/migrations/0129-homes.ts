import type { Migration } from './migration.ts';

/** What a data centre knows of the others: who they are, the streams to and from each, the people who live there, their keys here, and QR codes that lead from one to another. */
export const migration: Migration = {
  number: 129,
  subject: 'homes',
  statements: [
    `CREATE TABLE homes (
       dc smallint PRIMARY KEY CHECK (dc BETWEEN 1 AND 5),
       is_own boolean NOT NULL DEFAULT false,
       of_names boolean NOT NULL DEFAULT false,
       state text NOT NULL CHECK (state IN ('joined', 'paused', 'removed')),
       link_host text NOT NULL,
       link_port integer NOT NULL,
       client_host text NOT NULL,
       client_port integer NOT NULL,
       web_address text NOT NULL,
       program text NOT NULL DEFAULT '',
       schema_version integer NOT NULL DEFAULT 0,
       is_up boolean NOT NULL DEFAULT false,
       lost_frames bigint NOT NULL DEFAULT 0,
       names_epoch bigint NOT NULL DEFAULT 0,
       seen_ms bigint NOT NULL DEFAULT 0
     )`,
    `CREATE TABLE home_streams (
       dc smallint NOT NULL,
       epoch bigint NOT NULL,
       sent_seq bigint NOT NULL DEFAULT 0,
       sent_bytes bigint NOT NULL DEFAULT 0,
       acked_seq bigint NOT NULL DEFAULT 0,
       acked_bytes bigint NOT NULL DEFAULT 0,
       PRIMARY KEY (dc, epoch)
     )`,
    `CREATE TABLE home_outbox (
       dc smallint NOT NULL,
       epoch bigint NOT NULL,
       seq bigint NOT NULL,
       frame bytea NOT NULL,
       written_date integer NOT NULL,
       PRIMARY KEY (dc, epoch, seq)
     )`,
    'CREATE INDEX home_outbox_written ON home_outbox (written_date)',
    `CREATE TABLE home_applied (
       dc smallint NOT NULL,
       epoch bigint NOT NULL,
       applied_seq bigint NOT NULL,
       PRIMARY KEY (dc, epoch)
     )`,
    `CREATE TABLE home_inbox (
       dc smallint NOT NULL,
       epoch bigint NOT NULL,
       seq bigint NOT NULL,
       frame bytea NOT NULL,
       applied_date integer NOT NULL,
       PRIMARY KEY (dc, epoch, seq)
     )`,
    'CREATE INDEX home_inbox_applied ON home_inbox (applied_date)',
    `CREATE TABLE cards (
       person_id bigint PRIMARY KEY,
       version bigint NOT NULL,
       first_name text NOT NULL,
       last_name text NOT NULL,
       username text,
       phone text,
       is_bot boolean NOT NULL,
       is_deleted boolean NOT NULL,
       verified boolean NOT NULL DEFAULT false,
       scam boolean NOT NULL DEFAULT false,
       fake boolean NOT NULL DEFAULT false,
       source_photo_id bigint,
       photo_id bigint,
       photo_stripped bytea
     )`,
    'CREATE INDEX cards_phone ON cards (phone) WHERE phone IS NOT NULL',
    'CREATE INDEX cards_username ON cards (lower(username)) WHERE username IS NOT NULL',
    // One sequence for all people: a restore moves all sequences far ahead, so versions never go back.
    'CREATE SEQUENCE card_versions AS bigint',
    `CREATE TABLE card_readers (
       person_id bigint NOT NULL,
       viewer_id bigint NOT NULL,
       PRIMARY KEY (person_id, viewer_id)
     )`,
    'CREATE INDEX card_readers_viewer ON card_readers (viewer_id)',
    `ALTER TABLE auth_keys
       ADD COLUMN elsewhere_user_id bigint,
       ADD COLUMN elsewhere_date integer`,
    `ALTER TABLE login_tokens
       ADD COLUMN moved_token bytea,
       ADD COLUMN authorization_hash bigint,
       ADD COLUMN acceptor_key_id bigint`,
    // Numbers of streams are told apart by a random part, also if two databases begin the same epoch after one backup.
    `INSERT INTO meta (key, value)
     SELECT 'stream_epoch', ((SELECT value::bigint FROM meta WHERE key = 'epoch') * 4294967296 + floor(random() * 4294967296)::bigint)::text`,
  ],
};
