import type { Migration } from './migration.ts';

/** Who has seen or forwarded which posts lately, so that a restart does not count the same people again. */
export const migration: Migration = {
  number: 84,
  subject: 'seen posts',
  statements: [
    // One row for everything that a process has counted in a second. A row holds 8 bytes for each person and post.
    `CREATE TABLE seen_posts (
       seen_date integer NOT NULL,
       batch bigint NOT NULL,
       keys bytea NOT NULL,
       PRIMARY KEY (seen_date, batch))`,
  ],
};
