import type { Migration } from './migration.ts';

/** A poll that no message has keeps its files no longer than they would be kept without it. */
export const migration: Migration = {
  number: 116,
  subject: 'files of unsent polls',
  statements: [
    `CREATE OR REPLACE VIEW document_uses AS SELECT document_id FROM message_files UNION ALL SELECT document_id FROM kept_documents
       UNION ALL SELECT document_id # 4611686018427387904 FROM kept_documents
       UNION ALL SELECT photo_id FROM web_pages WHERE photo_id IS NOT NULL
       UNION ALL SELECT document_id FROM bot_files
       UNION ALL SELECT document_id # 4611686018427387904 FROM bot_files
       UNION ALL SELECT p.document_id FROM poll_files p WHERE EXISTS (SELECT FROM message_files f WHERE f.document_id = p.poll_id)`,
  ],
};
