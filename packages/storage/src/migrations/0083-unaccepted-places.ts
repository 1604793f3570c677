import type { Migration } from './migration.ts';

/** Places in groups and channels that strangers have given to people who have not accepted them. Places that exist already have no row, so they count as accepted. */
export const migration: Migration = {
  number: 83,
  subject: 'unaccepted places',
  statements: [
    // Rows of places in basic groups are written with each message, so there is room beside them.
    `CREATE TABLE unaccepted_places (
       owner_id bigint NOT NULL,
       peer_id bigint NOT NULL,
       adder_id bigint NOT NULL,
       added_date integer NOT NULL,
       ended_date integer,
       full_date integer NOT NULL,
       from_ordinal integer NOT NULL,
       archived boolean NOT NULL DEFAULT false,
       folder_before integer NOT NULL DEFAULT 0,
       mute_before integer,
       PRIMARY KEY (owner_id, peer_id)) WITH (fillfactor = 70)`,
    'CREATE INDEX unaccepted_places_peer ON unaccepted_places (peer_id, owner_id)',
    'CREATE INDEX unaccepted_places_ended ON unaccepted_places (ended_date) WHERE ended_date IS NOT NULL',
    'ALTER TABLE channel_heads ADD COLUMN check_ordinal integer',
  ],
};
