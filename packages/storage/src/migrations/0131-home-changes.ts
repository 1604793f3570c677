import type { Migration } from './migration.ts';

/** What another data centre is told later, because much waits for it already; how far it had come when; and whose stream stands still. */
export const migration: Migration = {
  number: 131,
  subject: 'changes that homes are told later',
  statements: [
    `CREATE TABLE home_changes (
       dc smallint NOT NULL,
       person_id bigint NOT NULL,
       other_id bigint NOT NULL,
       PRIMARY KEY (dc, person_id, other_id)
     )`,
    `CREATE TABLE home_ack_marks (
       dc smallint NOT NULL,
       epoch bigint NOT NULL,
       acked_seq bigint NOT NULL,
       noted_date integer NOT NULL,
       PRIMARY KEY (dc, epoch, acked_seq)
     )`,
    'ALTER TABLE home_applied ADD COLUMN kept_bytes bigint NOT NULL DEFAULT 0',
    `UPDATE home_applied AS a SET kept_bytes = (SELECT coalesce(sum(octet_length(i.frame) + 100), 0) FROM home_inbox AS i WHERE i.dc = a.dc AND i.epoch = a.epoch)`,
    "ALTER TABLE homes ADD COLUMN stopped_by text NOT NULL DEFAULT ''",
  ],
};
