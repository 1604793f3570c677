import type { Migration } from './migration.ts';

/** The words of a contact's name, so that a search in one's contacts does not have to case-fold names. */
export const migration: Migration = {
  number: 7,
  subject: 'contact-words',
  statements: [
    `
ALTER TABLE contacts ADD COLUMN words text NOT NULL DEFAULT '';
UPDATE contacts SET words = ' ' || lower(first_name || ' ' || last_name);
`,
  ],
};
