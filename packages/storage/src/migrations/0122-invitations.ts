import type { Migration } from './migration.ts';

/** Phone numbers that may sign up though the server admits nobody else, and the addresses that their codes are mailed to. */
export const migration: Migration = {
  number: 122,
  subject: 'invitations',
  statements: ['CREATE TABLE invitations (phone text PRIMARY KEY, email text, created_date integer NOT NULL)'],
};
