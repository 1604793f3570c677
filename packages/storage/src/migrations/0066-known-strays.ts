import type { Migration } from './migration.ts';

/** Which blobs without a row are certainly this database's own, so that a store with many others is noticed. */
export const migration: Migration = {
  number: 66,
  subject: 'known strays',
  statements: ['ALTER TABLE stray_blobs ADD COLUMN is_ours boolean NOT NULL DEFAULT false'],
};
