import type { Migration } from './migration.ts';

/** Drops the outbox: no part of the server has used it. */
export const migration: Migration = {
  number: 30,
  subject: 'no-outbox',
  statements: [`DROP TABLE outbox, outbox_blocked, outbox_applied`, `ALTER TABLE counters DROP COLUMN out_seq`],
};
