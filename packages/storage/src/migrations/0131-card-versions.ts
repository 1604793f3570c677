import type { Migration } from './migration.ts';

/** The versions of cards, and what the operator of a person's home says of the person. */
export const migration: Migration = {
  number: 131,
  subject: 'card versions',
  statements: [
    // One sequence for all people: a restore moves all sequences far ahead, so versions never go back.
    'CREATE SEQUENCE card_versions AS bigint',
    `ALTER TABLE cards
       ADD COLUMN verified boolean NOT NULL DEFAULT false,
       ADD COLUMN scam boolean NOT NULL DEFAULT false,
       ADD COLUMN fake boolean NOT NULL DEFAULT false`,
  ],
};
