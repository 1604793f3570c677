import type { Migration } from './migration.ts';

/** Whose reactions a user wants notifications for. */
export const migration: Migration = {
  number: 10,
  subject: 'reaction-notices',
  statements: [`ALTER TABLE user_settings ADD COLUMN reactions_notify bytea;`],
};
