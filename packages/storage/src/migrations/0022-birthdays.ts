import type { Migration } from './migration.ts';

/** Who has a birthday is found by its day: few do on one, and a list of contacts may be long. */
export const migration: Migration = {
  number: 22,
  subject: 'birthdays',
  statements: [
    `CREATE INDEX users_by_birthday ON users (birthday_month, birthday_day, user_id) WHERE birthday_day IS NOT NULL`,
  ],
};
