import type { Migration } from './migration.ts';

/** Finds the users who have a phone number as a contact when somebody signs up with it. */
export const migration: Migration = {
  number: 9,
  subject: 'awaited-numbers',
  statements: [`CREATE INDEX saved_contacts_phone ON saved_contacts (phone, owner_id);`],
};
