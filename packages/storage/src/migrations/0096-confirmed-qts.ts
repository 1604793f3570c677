import type { Migration } from './migration.ts';

/** Notes up to which qts a device has confirmed the events of its box, so that events with a qts are trimmed by it: the pts of a bot's box may never move. */
export const migration: Migration = {
  number: 96,
  subject: 'confirmed qts',
  statements: ['ALTER TABLE authorizations ADD COLUMN confirmed_qts integer'],
};
