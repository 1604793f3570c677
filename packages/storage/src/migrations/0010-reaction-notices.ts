import type { Migration } from './migration.ts';

/** Of whose reactions a user wants to hear. */
export const migration: Migration = {
  number: 10,
  subject: 'reaction-notices',
  statements: [`ALTER TABLE user_settings ADD COLUMN reactions_notify bytea;`],
};
