import type { Migration } from './migration.ts';

/** In whose name members of supergroups write. */
export const migration: Migration = {
  number: 41,
  subject: 'send-as',
  statements: ['ALTER TABLE channel_members ADD COLUMN send_as bigint'],
};
