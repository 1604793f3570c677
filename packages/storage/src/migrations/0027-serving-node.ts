import type { Migration } from './migration.ts';

/** The id of the database, and which server serves from it. */
export const migration: Migration = {
  number: 27,
  subject: 'serving-node',
  statements: [
    // Dumps and backups copy the id with the database, so a data directory recognizes its database.
    `INSERT INTO meta (key, value) VALUES ('database_id', gen_random_uuid()::text)`,

    // A single row: only one server may serve from a database. It renews the row every few seconds.
    `CREATE TABLE serving_node (
       slot smallint PRIMARY KEY CHECK (slot = 0),
       holder text NOT NULL,
       -- Grows whenever a server takes the row: tells two servers apart that have the same name.
       token bigint NOT NULL,
       -- By the database's clock, in milliseconds since 1970.
       until_ms bigint NOT NULL,
       host text NOT NULL,
       pid integer NOT NULL,
       -- The server's own clock when it last renewed the row, and how far it was ahead of the database's; milliseconds.
       clock_ms bigint NOT NULL,
       offset_ms bigint NOT NULL DEFAULT 0,
       -- How far the server's clock has jumped away from its even course, and what it showed after the last jump.
       step_ms bigint,
       stepped_ms bigint,
       -- The operator says that the clock is right.
       clock_accepted boolean NOT NULL DEFAULT false
     ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500)`,
  ],
};
