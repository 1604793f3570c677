import type { Migration } from './migration.ts';

/** Documents in polls. A poll keeps them, as messages do those that they show, so `document_uses` has them, too; their thumbnails are rows of their own. */
export const migration: Migration = {
  number: 113,
  subject: 'poll files',
  statements: [
    `CREATE TABLE poll_files (
       poll_id bigint NOT NULL,
       document_id bigint NOT NULL,
       PRIMARY KEY (poll_id, document_id))`,
    'CREATE INDEX poll_files_by_document ON poll_files (document_id)',
    `CREATE OR REPLACE VIEW document_uses AS SELECT document_id FROM message_files UNION ALL SELECT document_id FROM kept_documents
       UNION ALL SELECT document_id # 4611686018427387904 FROM kept_documents
       UNION ALL SELECT photo_id FROM web_pages WHERE photo_id IS NOT NULL
       UNION ALL SELECT document_id FROM bot_files
       UNION ALL SELECT document_id # 4611686018427387904 FROM bot_files
       UNION ALL SELECT document_id FROM poll_files`,
  ],
};
