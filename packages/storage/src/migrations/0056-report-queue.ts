import type { Migration } from './migration.ts';

/** Reports become a queue that operators work off: one row for each message or peer that somebody has reported, with a copy of what was reported. */
export const migration: Migration = {
  number: 56,
  subject: 'report-queue',
  statements: [
    `CREATE TABLE report_queue (
       report_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
       owner_id bigint NOT NULL,
       peer_id bigint NOT NULL,
       msg_id integer NOT NULL,
       reason text NOT NULL,
       comment text NOT NULL,
       author_id bigint,
       copy text,
       created_date integer NOT NULL,
       closed_date integer,
       UNIQUE (owner_id, peer_id, msg_id)
     )`,
    `INSERT INTO report_queue (owner_id, peer_id, msg_id, reason, comment, created_date)
     SELECT owner_id, peer_id, m.id, reason, comment, created_date
       FROM reports CROSS JOIN LATERAL unnest(CASE WHEN cardinality(msg_ids) = 0 THEN ARRAY[0] ELSE msg_ids END) AS m (id)
      ORDER BY created_date, report_id
     ON CONFLICT DO NOTHING`,
    'DROP TABLE reports',
    'ALTER TABLE report_queue RENAME TO reports',
    'CREATE INDEX reports_open ON reports (report_id) WHERE closed_date IS NULL',
  ],
};
