import type { Migration } from './migration.ts';

/** The position up to which each device has confirmed updates: log entries that all devices have confirmed can be deleted. */
export const migration: Migration = {
  number: 18,
  subject: 'confirmed-positions',
  statements: [`ALTER TABLE authorizations ADD COLUMN confirmed_pts integer, ADD COLUMN confirmed_date integer`],
};
