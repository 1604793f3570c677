import type { Migration } from './migration.ts';

/**
 * Calls between two people. Each side has a row, keyed by its owner. The server sees who calls whom, and when; the sound and pictures, and the key that protects them, are never here.
 */
export const migration: Migration = {
  number: 143,
  subject: 'phone calls',
  statements: [
    `
CREATE TABLE phone_calls (
  owner_id int8 NOT NULL,
  call_id int8 NOT NULL,
  is_caller bool NOT NULL,
  peer_id int8 NOT NULL,
  access_hash int8 NOT NULL,
  -- The device of the owner; 0 until one of those that ring has answered.
  auth_key_id int8 NOT NULL,
  -- The device of the other side, as auth_key_id.
  peer_auth_key_id int8 NOT NULL,
  random_id int4 NOT NULL,
  video bool NOT NULL,
  g_a_hash bytea NOT NULL,
  g_a bytea,
  g_b bytea,
  fingerprint int8,
  protocol_flags int2 NOT NULL,
  min_layer int4 NOT NULL,
  max_layer int4 NOT NULL,
  versions text[] NOT NULL,
  p2p bool NOT NULL DEFAULT false,
  date int4 NOT NULL,
  received_date int4,
  -- The devices of the callee that ring.
  received_by int8[] NOT NULL DEFAULT '{}',
  accepted_date int4,
  started_date int4,
  ended_date int4,
  -- When the server ends the call unless something happens before.
  deadline int4 NOT NULL,
  reason int2,
  duration int4,
  rating int2,
  PRIMARY KEY (owner_id, call_id)
) WITH (fillfactor = 70);
CREATE INDEX phone_calls_by_end ON phone_calls (owner_id, ended_date);
CREATE INDEX phone_calls_overdue ON phone_calls (deadline) WHERE ended_date IS NULL;
CREATE INDEX phone_calls_ended ON phone_calls (ended_date);
`,
  ],
};
