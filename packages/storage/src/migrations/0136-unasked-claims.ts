import type { Migration } from './migration.ts';

/**
 * Names in cards of which the data centre that gives names has not said whose they are: it was away, or migration 135 has taken them away without asking it. They are asked for in the background.
 */
export const migration: Migration = {
  number: 136,
  subject: 'unasked claims',
  statements: [
    'ALTER TABLE cards ADD COLUMN is_unasked boolean NOT NULL DEFAULT false',
    'CREATE INDEX cards_unasked ON cards (person_id) WHERE is_unasked',
    'UPDATE cards SET is_unasked = true WHERE (claimed_phone IS NOT NULL AND phone IS NULL) OR (claimed_username IS NOT NULL AND username IS NULL)',
  ],
};
