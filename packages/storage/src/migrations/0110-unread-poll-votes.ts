import type { Migration } from './migration.ts';

/**
 * Votes that the creator of a public poll has not seen: each vote has a place in the order of votes, and each poll the place up to which they were seen. Besides, what of a poll
 * devices were told and when, so that processes do not tell it twice.
 */
export const migration: Migration = {
  number: 110,
  subject: 'unread poll votes',
  statements: [
    'ALTER TABLE polls ADD COLUMN seen_place integer NOT NULL DEFAULT 0, ADD COLUMN has_unseen boolean NOT NULL DEFAULT false',
    'ALTER TABLE polls ADD COLUMN told_version integer NOT NULL DEFAULT 0, ADD COLUMN told_edition integer NOT NULL DEFAULT 1, ADD COLUMN told_tick integer NOT NULL DEFAULT 0',
    'ALTER TABLE poll_votes ADD COLUMN place integer NOT NULL DEFAULT 0',
    `UPDATE poll_votes v SET place = n.place
       FROM (SELECT poll_id, voter_id, row_number() OVER (PARTITION BY poll_id ORDER BY voted_date, voter_id) AS place FROM poll_votes) n
      WHERE n.poll_id = v.poll_id AND n.voter_id = v.voter_id`,
    'UPDATE polls p SET version = GREATEST(version, (SELECT count(*) FROM poll_votes v WHERE v.poll_id = p.poll_id))',
    'UPDATE polls SET seen_place = version, told_version = version, told_edition = edition',
    'CREATE INDEX poll_votes_by_place ON poll_votes (poll_id, place)',
    'DROP INDEX poll_votes_by_date',
    `CREATE TABLE unread_poll_votes (
       owner_id bigint NOT NULL,
       peer_id bigint NOT NULL,
       msg_id integer NOT NULL,
       top_id integer,
       PRIMARY KEY (owner_id, peer_id, msg_id)
     )`,
  ],
};
