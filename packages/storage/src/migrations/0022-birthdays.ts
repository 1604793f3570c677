import type { Migration } from './migration.ts';

/** An index on the day of birthdays, to find today's: few users have the same day, and a contact list may be long. */
export const migration: Migration = {
  number: 22,
  subject: 'birthdays',
  statements: [
    `CREATE INDEX users_by_birthday ON users (birthday_month, birthday_day, user_id) WHERE birthday_day IS NOT NULL`,
  ],
};
