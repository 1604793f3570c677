import type { Migration } from './migration.ts';

/** When sending a scheduled message failed; it then waits until its author changes it. */
export const migration: Migration = {
  number: 31,
  subject: 'refused-scheduled',
  statements: [
    'ALTER TABLE scheduled_messages ADD COLUMN refused_date integer',
    'DROP INDEX scheduled_messages_awaited',
    // Messages that are sent as soon as their recipient is online.
    'CREATE INDEX scheduled_messages_awaited ON scheduled_messages (peer_id) WHERE schedule_date = 2147483646 AND refused_date IS NULL',
  ],
};
