import type { Migration } from './migration.ts';

/** Which primary of the database was served from last, and counters as they are in the epoch that is now. */
export const migration: Migration = {
  number: 120,
  subject: 'timelines',
  statements: [
    `ALTER TABLE cluster
       -- Of the primary that was met last, as 8 hexadecimal digits; empty: none was.
       ADD COLUMN timeline text NOT NULL DEFAULT '',
       -- Whether a standby confirmed each commit when that was looked at last.
       ADD COLUMN synchronous boolean NOT NULL DEFAULT false,
       -- The last timeline with which an epoch began, because commits may have been lost.
       ADD COLUMN epoch_timeline text NOT NULL DEFAULT ''`,
    // A counter enters an epoch when it is locked. Whoever only reads it must not see less than clients may have seen.
    `CREATE VIEW counters_now AS
     SELECT c.owner_id,
            c.pts + (e.value::integer - c.epoch) * 1000000 AS pts,
            c.qts + (e.value::integer - c.epoch) * 1000000 AS qts,
            c.loose_seq + (e.value::integer - c.epoch) * 1000000 AS loose_seq
       FROM meta e, counters c WHERE e.key = 'epoch'`,
  ],
};
