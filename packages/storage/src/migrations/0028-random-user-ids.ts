import type { Migration } from './migration.ts';

/** User ids are random, so that nobody can list accounts by counting up. Existing accounts keep their ids. */
export const migration: Migration = {
  number: 28,
  subject: 'random-user-ids',
  statements: ['DROP SEQUENCE user_seq'],
};
