import type { Migration } from './migration.ts';

/** Inline mode: what bots are asked, and what they answered. What a crash of the database loses is asked for again. */
export const migration: Migration = {
  number: 92,
  subject: 'inline mode',
  statements: [
    'ALTER TABLE bot_queries ADD COLUMN question bytea',
    'ALTER TABLE bots ADD COLUMN inline_feedback smallint NOT NULL DEFAULT 0',
    `CREATE UNLOGGED TABLE inline_sets (
      set_id bigint PRIMARY KEY,
      bot_id bigint NOT NULL,
      query_id bigint NOT NULL,
      user_id bigint NOT NULL,
      is_private boolean NOT NULL,
      cache_key bytea NOT NULL,
      cached_until integer NOT NULL,
      kept_until integer NOT NULL,
      question bytea NOT NULL,
      answer bytea NOT NULL
    )`,
    'CREATE UNIQUE INDEX inline_sets_of_query ON inline_sets (bot_id, query_id)',
    'CREATE INDEX inline_sets_cached ON inline_sets (bot_id, cache_key)',
    'CREATE INDEX inline_sets_old ON inline_sets (kept_until)',
  ],
};
