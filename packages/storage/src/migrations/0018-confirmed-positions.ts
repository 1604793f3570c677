import type { Migration } from './migration.ts';

/** How far each device has come by its own word: what all have passed need not stay in the log. */
export const migration: Migration = {
  number: 18,
  subject: 'confirmed-positions',
  statements: [`ALTER TABLE authorizations ADD COLUMN confirmed_pts integer, ADD COLUMN confirmed_date integer`],
};
