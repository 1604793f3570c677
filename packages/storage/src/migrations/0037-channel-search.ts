import type { Migration } from './migration.ts';

/** Messages of channels are indexed for search, and looked up when they expire. */
export const migration: Migration = {
  number: 37,
  subject: 'channel-search',
  statements: [
    // Earlier versions moved the indexed position of channels without indexing their messages.
    'DELETE FROM search_state WHERE owner_id < 0',
    // Queries must contain the same expression and condition.
    'CREATE INDEX channel_messages_expiring ON channel_messages ((date + ttl_period)) WHERE ttl_period IS NOT NULL',
  ],
};
