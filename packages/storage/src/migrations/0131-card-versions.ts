import type { Migration } from './migration.ts';

/** The versions of cards, what the operator of a person's home says of the person, and how people are found by their cards while others are away. */
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
    'CREATE INDEX cards_phone ON cards (phone) WHERE phone IS NOT NULL',
    'CREATE INDEX cards_username ON cards (lower(username)) WHERE username IS NOT NULL',
  ],
};
