import type { Migration } from './migration.ts';

/** Documents that users keep in lists of their own, such as saved GIFs. They are used as those in messages are, so `document_uses` has both. */
export const migration: Migration = {
  number: 69,
  subject: 'kept documents',
  statements: [
    `CREATE TABLE kept_documents (
       owner_id bigint NOT NULL,
       list smallint NOT NULL,
       document_id bigint NOT NULL,
       position bigint NOT NULL,
       PRIMARY KEY (owner_id, list, document_id))`,
    'CREATE INDEX kept_documents_by_document ON kept_documents (document_id)',
    'CREATE VIEW document_uses AS SELECT document_id FROM message_files UNION ALL SELECT document_id FROM kept_documents',
  ],
};
