import type { Migration } from './migration.ts';

/** Finds the document that an earlier call has made of the same content with the same attributes, however many others there are. */
export const migration: Migration = {
  number: 65,
  subject: 'document hashes',
  statements: [
    'ALTER TABLE documents ADD COLUMN body_hash bytea',
    'DROP INDEX documents_by_identity',
    'CREATE INDEX documents_by_identity ON documents (identity, uploader_id, body_hash)',
  ],
};
