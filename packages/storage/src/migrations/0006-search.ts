import type { Migration } from './migration.ts';

/** Search terms of messages, and how long the keys of sends are kept. */
export const migration: Migration = {
  number: 6,
  subject: 'search',
  statements: [
    // Each term starts with its owner, so one index finds a word of one owner without reading rows of others.
    `CREATE TABLE message_search (
       owner_id bigint NOT NULL,
       msg_id integer NOT NULL,
       peer_id bigint NOT NULL,
       date integer NOT NULL,
       terms tsvector NOT NULL,
       PRIMARY KEY (owner_id, msg_id)
     )`,
    `CREATE INDEX message_search_terms ON message_search USING gin (terms) WITH (gin_pending_list_limit = 1024)`,
    // How far a message box is indexed; written in the transaction that writes its search rows.
    `CREATE TABLE search_state (
       owner_id bigint PRIMARY KEY,
       indexed_pts integer NOT NULL
     ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500)`,
    // When the sweep first found that the message of a key was deleted.
    `ALTER TABLE send_keys ADD COLUMN gone_date integer`,
  ],
};
