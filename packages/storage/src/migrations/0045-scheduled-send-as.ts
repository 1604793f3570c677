import type { Migration } from './migration.ts';

/** In whose name scheduled messages are sent. */
export const migration: Migration = {
  number: 45,
  subject: 'scheduled-send-as',
  statements: ['ALTER TABLE scheduled_messages ADD COLUMN send_as bigint'],
};
