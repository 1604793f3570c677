import type { Migration } from './migration.ts';

/** Public channels that share members, for recommendations. */
export const migration: Migration = {
  number: 52,
  subject: 'similar-channels',
  statements: [
    // For each channel the most similar ones. A job writes these rows.
    `CREATE TABLE similar_channels (
       channel_id bigint NOT NULL,
       similar_id bigint NOT NULL,
       score integer NOT NULL,
       PRIMARY KEY (channel_id, similar_id)
     )`,
    // When the similar channels of a channel were computed last.
    `CREATE TABLE similar_runs (
       channel_id bigint PRIMARY KEY,
       date integer NOT NULL
     ) WITH (fillfactor = 70)`,
  ],
};
