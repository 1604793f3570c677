import type { Migration } from './migration.ts';

/** User ids are random, so that accounts cannot be listed by counting. Accounts that were numbered keep their ids. */
export const migration: Migration = {
  number: 28,
  subject: 'random-user-ids',
  statements: ['DROP SEQUENCE user_seq'],
};
