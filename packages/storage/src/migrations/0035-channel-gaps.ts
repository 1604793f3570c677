import type { Migration } from './migration.ts';

/** Deleted messages of channels, so that unread counts can be derived without reading the messages themselves. */
export const migration: Migration = {
  number: 35,
  subject: 'channel-gaps',
  statements: [
    // One row for each 1024 messages of a channel of which any were deleted: the numbers of these, and their authors in the same order.
    `CREATE TABLE channel_gaps (
       channel_id bigint NOT NULL,
       bucket integer NOT NULL,
       ordinals integer[] NOT NULL,
       author_ids bigint[] NOT NULL,
       PRIMARY KEY (channel_id, bucket)
     ) WITH (fillfactor = 70)`,
  ],
};
