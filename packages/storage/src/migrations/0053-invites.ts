import type { Migration } from './migration.ts';

/** Invite links of groups and channels, who joined by them, and who asks to be let in. */
export const migration: Migration = {
  number: 53,
  subject: 'invites',
  statements: [
    // The directory of links: which group or channel a link leads to (rule S18, unique names). A deleted link has no row.
    `CREATE TABLE invite_hashes (
       hash text PRIMARY KEY,
       owner_id bigint NOT NULL
     )`,
    // `owner_id` is the marked id of the group or channel. `usage` and `requested` change with each person.
    `CREATE TABLE invites (
       owner_id bigint NOT NULL,
       hash text NOT NULL,
       admin_id bigint NOT NULL,
       date integer NOT NULL,
       start_date integer,
       title text,
       expire_date integer,
       usage_limit integer,
       usage integer NOT NULL DEFAULT 0,
       requested integer NOT NULL DEFAULT 0,
       permanent boolean NOT NULL,
       request_needed boolean NOT NULL,
       revoked boolean NOT NULL DEFAULT false,
       export_id bigint NOT NULL,
       PRIMARY KEY (owner_id, hash)
     ) WITH (fillfactor = 70)`,
    'CREATE INDEX invites_by_admin ON invites (owner_id, admin_id, revoked, date DESC, hash DESC)',
    'CREATE UNIQUE INDEX invites_permanent ON invites (owner_id, admin_id) WHERE permanent AND NOT revoked',
    // Members who came by a link or were let in on request. The row goes with the membership.
    `CREATE TABLE invite_importers (
       owner_id bigint NOT NULL,
       user_id bigint NOT NULL,
       hash text NOT NULL,
       date integer NOT NULL,
       approved_by bigint,
       PRIMARY KEY (owner_id, user_id)
     )`,
    'CREATE INDEX invite_importers_by_link ON invite_importers (owner_id, hash, date DESC, user_id DESC)',
    // People who ask to be let in. An empty hash: without a link, into a public group.
    `CREATE TABLE join_requests (
       owner_id bigint NOT NULL,
       user_id bigint NOT NULL,
       hash text NOT NULL,
       date integer NOT NULL,
       PRIMARY KEY (owner_id, user_id)
     )`,
    'CREATE INDEX join_requests_by_date ON join_requests (owner_id, date DESC, user_id DESC)',
    'CREATE INDEX join_requests_by_link ON join_requests (owner_id, hash, date DESC, user_id DESC)',
    'CREATE INDEX join_requests_of_user ON join_requests (user_id)',
    // How many there are, because counting them at each new one would cost more with each.
    `CREATE TABLE join_request_counts (
       owner_id bigint PRIMARY KEY,
       pending integer NOT NULL
     ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500)`,
  ],
};
