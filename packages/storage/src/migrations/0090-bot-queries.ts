import type { Migration } from './migration.ts';

/** Questions to bots that people wait for: what a crash of the database loses has timed out. */
export const migration: Migration = {
  number: 90,
  subject: 'bot queries',
  statements: [
    `CREATE UNLOGGED TABLE bot_queries (
      bot_id bigint NOT NULL,
      query_id bigint NOT NULL,
      user_id bigint NOT NULL,
      answer bytea,
      PRIMARY KEY (bot_id, query_id)
    )`,
  ],
};
