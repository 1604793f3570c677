import type { Migration } from './migration.ts';

/** Nodes share the buckets of a queue: 256 of them instead of 16, held by a process for as long as it holds its row of `nodes`. */
export const migration: Migration = {
  number: 119,
  subject: 'shared leases',
  statements: [
    // The incarnation of the node that holds the bucket; 0 when nobody does.
    'ALTER TABLE leases ADD COLUMN holder_token bigint NOT NULL DEFAULT 0',
    // Not used any more: a lease lasts as long as that of its node.
    'ALTER TABLE leases ALTER COLUMN until_ms SET DEFAULT 0',
    // The same hash as `bucketOf`, of which more bits count now.
    `UPDATE jobs SET bucket = div(mod(mod(owner_id::numeric * 11400714819323198485, 18446744073709551616) + 18446744073709551616, 18446744073709551616), 72057594037927936)::smallint
      WHERE owner_id <> 0`,
  ],
};
