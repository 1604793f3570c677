import type { Migration } from './migration.ts';

/** The last message of the basic group that became a channel. The owner's row of that group says it already. */
export const migration: Migration = {
  number: 57,
  subject: 'no-migrated-max-id',
  statements: ['ALTER TABLE channels DROP COLUMN migrated_from_max_id'],
};
