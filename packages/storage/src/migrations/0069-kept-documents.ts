import type { Migration } from './migration.ts';

/**
 * Documents that users keep in lists of their own, such as saved GIFs. The collection keeps them, as it does those in messages, so `document_uses` has both. The thumbnail of a
 * document is a row of its own, whose id differs from that of the document in one bit (`thumbIdOf` of the domain), and is kept with it.
 */
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
    'CREATE INDEX kept_documents_by_thumb ON kept_documents ((document_id # 4611686018427387904))',
    `CREATE VIEW document_uses AS SELECT document_id FROM message_files UNION ALL SELECT document_id FROM kept_documents
       UNION ALL SELECT document_id # 4611686018427387904 FROM kept_documents`,
  ],
};
