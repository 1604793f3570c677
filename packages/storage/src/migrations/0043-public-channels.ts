import type { Migration } from './migration.ts';

/** Finds the public channels of an owner, of whom each may have only a few. */
export const migration: Migration = {
  number: 43,
  subject: 'public-channels',
  statements: ['CREATE INDEX channels_public ON channels (creator_id, channel_id) WHERE username IS NOT NULL'],
};
