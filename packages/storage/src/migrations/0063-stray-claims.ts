import type { Migration } from './migration.ts';

/** Which blobs without a row are being deleted, so that no row is added for them meanwhile. */
export const migration: Migration = {
  number: 63,
  subject: 'stray claims',
  statements: ['ALTER TABLE stray_blobs ADD COLUMN is_doomed boolean NOT NULL DEFAULT false'],
};
