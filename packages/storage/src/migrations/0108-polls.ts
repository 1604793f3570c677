import type { Migration } from './migration.ts';

/** Polls and the votes in them. Messages refer to a poll by its id, as they do to documents, in `message_files`. */
export const migration: Migration = {
  number: 108,
  subject: 'polls',
  statements: [
    `CREATE TABLE polls (
       poll_id bigint PRIMARY KEY,
       creator_id bigint NOT NULL,
       place_id bigint NOT NULL,
       created_date integer NOT NULL,
       body bytea NOT NULL,
       totals integer[] NOT NULL,
       total_voters integer NOT NULL DEFAULT 0,
       version integer NOT NULL DEFAULT 0,
       edition integer NOT NULL DEFAULT 1,
       is_public boolean NOT NULL,
       closed boolean NOT NULL,
       close_date integer
     ) WITH (fillfactor = 70)`,
    `CREATE TABLE poll_votes (
       poll_id bigint NOT NULL,
       voter_id bigint NOT NULL,
       chosen bigint NOT NULL,
       voted_date integer NOT NULL,
       PRIMARY KEY (poll_id, voter_id)
     ) WITH (fillfactor = 90)`,
    'CREATE INDEX poll_votes_by_date ON poll_votes (poll_id, voted_date, voter_id)',
    'CREATE INDEX poll_votes_by_voter ON poll_votes (voter_id)',
  ],
};
