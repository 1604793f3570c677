import type { Migration } from './migration.ts';

/** Several servers may serve from one database: each has a row, in place of the one of the only server. */
export const migration: Migration = {
  number: 117,
  subject: 'nodes',
  statements: [
    `CREATE TABLE nodes (
       name text PRIMARY KEY,
       host text NOT NULL,
       pid integer NOT NULL,
       -- alone: shares the database with nobody. The others are nodes of a cluster; serving: a member of the generation.
       state text NOT NULL CHECK (state IN ('alone', 'joining', 'serving', 'draining', 'left', 'lost')),
       -- Of the process that holds the row, and of no other ever; 0 when nobody does.
       token bigint NOT NULL,
       -- By the database's clock, in milliseconds since 1970.
       until_ms bigint NOT NULL,
       -- May still serve by an earlier generation, until it has seen this one.
       served boolean NOT NULL DEFAULT false,
       seen_generation integer NOT NULL DEFAULT 0,
       seen_barrier integer NOT NULL DEFAULT 0,
       link_address text NOT NULL DEFAULT '',
       http_address text NOT NULL DEFAULT '',
       version text NOT NULL DEFAULT '',
       -- The server's own clock when it last renewed the row, and how far it was ahead of the database's; milliseconds.
       clock_ms bigint NOT NULL,
       offset_ms bigint NOT NULL DEFAULT 0,
       -- How far the server's clock has jumped away from its even course, and what it showed after the last jump.
       step_ms bigint,
       stepped_ms bigint,
       -- The operator says that the clock is right.
       clock_accepted boolean NOT NULL DEFAULT false
     ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500)`,
    `INSERT INTO nodes (name, host, pid, state, token, until_ms, clock_ms, offset_ms, step_ms, stepped_ms, clock_accepted)
     SELECT holder, host, pid, 'alone', token, until_ms, clock_ms, offset_ms, step_ms, stepped_ms, clock_accepted FROM serving_node`,
    // A single row, locked by whoever takes a row of nodes or takes one away.
    `CREATE TABLE cluster (
       slot smallint PRIMARY KEY CHECK (slot = 0),
       -- Grows with each change of the members.
       generation integer NOT NULL,
       -- Grows when all nodes must drop what they have read.
       barrier integer NOT NULL,
       last_token bigint NOT NULL
     )`,
    'INSERT INTO cluster (slot, generation, barrier, last_token) SELECT 0, 0, 0, coalesce(max(token), 0) FROM nodes',
    'DROP TABLE serving_node',
    // Whose connection it is: deleted when its node is lost, which then commits nothing more. Null: of a command of the operator.
    'ALTER TABLE commit_marks ADD COLUMN node text, ADD COLUMN token bigint',
  ],
};
