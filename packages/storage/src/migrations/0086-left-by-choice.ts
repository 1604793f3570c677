import type { Migration } from './migration.ts';

/** Who has left a channel by themselves. A ban that comes later, and its end, do not change that. */
export const migration: Migration = {
  number: 86,
  subject: 'left by choice',
  statements: [
    'ALTER TABLE channel_members ADD COLUMN has_left boolean NOT NULL DEFAULT false',
    "UPDATE channel_members SET has_left = true WHERE status = 'left'",
  ],
};
