import type { Migration } from './migration.ts';

/** For rows that are updated all the time: pages keep space for the next row version, and dead rows are removed soon. */
const BUSY = 'fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500';
/** For tables whose rows are inserted and deleted all the time. */
const QUEUE = 'autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_scale_factor = 0.05';

export const migration: Migration = {
  number: 1,
  subject: 'foundation',
  statements: [
    // The search tables need pg_trgm. If the role may not create extensions, the server logs a warning at startup.
    `DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm;
     EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN NULL; END $$`,
    `INSERT INTO meta (key, value) VALUES ('epoch', '1')`,

    // One row per owner (user or channel), locked by each transaction that numbers something for the owner.
    `CREATE TABLE counters (
       owner_id bigint PRIMARY KEY,
       pts integer NOT NULL DEFAULT 1,
       qts integer NOT NULL DEFAULT 0,
       next_msg_id integer NOT NULL DEFAULT 1,
       out_seq bigint NOT NULL DEFAULT 0,
       epoch integer NOT NULL
     ) WITH (${BUSY})`,

    // Events of an owner's message box other than new messages; `sub` orders several events with the same pts.
    `CREATE TABLE update_log (
       owner_id bigint NOT NULL,
       pts integer NOT NULL,
       sub integer NOT NULL DEFAULT 0,
       pts_count integer NOT NULL,
       kind smallint NOT NULL,
       payload bytea NOT NULL,
       date integer NOT NULL,
       PRIMARY KEY (owner_id, pts, sub)
     )`,

    // The result of a send with a random_id, so that a repeated send finds it.
    `CREATE TABLE send_keys (
       owner_id bigint NOT NULL,
       random_id bigint NOT NULL,
       global_id bigint NOT NULL,
       peer_id bigint NOT NULL,
       msg_id integer NOT NULL,
       pts integer NOT NULL,
       pts_count integer NOT NULL,
       date integer NOT NULL,
       PRIMARY KEY (owner_id, random_id)
     )`,

    // Deliveries to other owners, in the order in which the transactions of the source committed.
    `CREATE TABLE outbox (
       source_owner bigint NOT NULL,
       out_seq bigint NOT NULL,
       dest text NOT NULL,
       bucket smallint NOT NULL,
       kind text NOT NULL,
       payload bytea NOT NULL,
       date integer NOT NULL,
       PRIMARY KEY (source_owner, out_seq)
     ) WITH (${QUEUE})`,
    `CREATE INDEX outbox_by_bucket ON outbox (dest, bucket, source_owner, out_seq)`,
    // Sources whose first row could not be applied; a row is deleted once it was applied.
    `CREATE TABLE outbox_blocked (
       source_owner bigint NOT NULL,
       dest text NOT NULL,
       attempts integer NOT NULL,
       error text NOT NULL,
       retry_date integer NOT NULL,
       PRIMARY KEY (source_owner, dest)
     )`,
    // How far a destination has applied a source; written in the transaction that applies it.
    `CREATE TABLE outbox_applied (
       source_owner bigint NOT NULL,
       dest text NOT NULL,
       applied_seq bigint NOT NULL,
       PRIMARY KEY (source_owner, dest)
     ) WITH (${BUSY})`,

    // In the order in which jobs are due; the key contains no shared sequence.
    `CREATE TABLE jobs (
       bucket smallint NOT NULL,
       run_ms bigint NOT NULL,
       job_id bigint NOT NULL,
       owner_id bigint NOT NULL,
       kind text NOT NULL,
       payload bytea NOT NULL,
       attempts integer NOT NULL DEFAULT 0,
       created_date integer NOT NULL,
       error text,
       PRIMARY KEY (bucket, run_ms, job_id)
     ) WITH (fillfactor = 70, ${QUEUE})`,
    // Jobs that failed too often; they wait for the administrator.
    `CREATE TABLE dead_jobs (
       job_id bigint PRIMARY KEY,
       owner_id bigint NOT NULL,
       kind text NOT NULL,
       payload bytea NOT NULL,
       attempts integer NOT NULL,
       created_date integer NOT NULL,
       dead_date integer NOT NULL,
       error text NOT NULL
     )`,

    // Which node may work on a bucket of a queue. Rows instead of advisory locks, which no distributed database supports.
    `CREATE TABLE leases (
       queue text NOT NULL,
       bucket smallint NOT NULL,
       holder text NOT NULL,
       token bigint NOT NULL,
       until_ms bigint NOT NULL,
       PRIMARY KEY (queue, bucket)
     ) WITH (${BUSY})`,

    // The last transaction of each connection; shows after a lost connection whether it was committed.
    `CREATE TABLE commit_marks (
       slot bigint PRIMARY KEY,
       mark bigint NOT NULL,
       date integer NOT NULL
     ) WITH (${BUSY})`,
  ],
};
