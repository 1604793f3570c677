import type { Migration } from './migration.ts';

/** Whose new documents are not known to be sent, and how long they are, so that their number is limited. */
export const migration: Migration = {
  number: 64,
  subject: 'unsent files',
  statements: [
    'ALTER TABLE file_releases ADD COLUMN uploader_id bigint, ADD COLUMN size bigint',
    'CREATE INDEX file_releases_by_uploader ON file_releases (uploader_id) INCLUDE (size) WHERE uploader_id IS NOT NULL',
    'DROP INDEX documents_by_identity',
    'CREATE INDEX documents_by_identity ON documents (identity, uploader_id)',
  ],
};
