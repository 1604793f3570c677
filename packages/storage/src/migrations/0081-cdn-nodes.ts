import type { Migration } from './migration.ts';

/** The CDN nodes of the server. The row of a removed node stays, so that its DC id is never given to another key. */
export const migration: Migration = {
  number: 81,
  subject: 'CDN nodes',
  statements: [
    `CREATE TABLE cdn_nodes (
       dc_id integer PRIMARY KEY,
       node_id text NOT NULL UNIQUE,
       public_key text NOT NULL,
       fingerprint bigint NOT NULL,
       client_host text NOT NULL,
       client_port integer NOT NULL,
       push_host text NOT NULL,
       push_port integer NOT NULL,
       region text NOT NULL,
       wrapped_secret bytea,
       secret_version integer NOT NULL,
       added_date integer NOT NULL,
       removed_date integer,
       revision integer NOT NULL,
       known_revision integer NOT NULL,
       heard_date integer,
       failing_date integer,
       fault text)`,
  ],
};
