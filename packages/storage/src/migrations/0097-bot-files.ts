import type { Migration } from './migration.ts';

/**
 * Files that bots have uploaded, or used by the `file_id` that the Bot API gave them. The collection keeps them with their thumbnails, as it does those in lists that users
 * keep, so `document_uses` has them, too.
 */
export const migration: Migration = {
  number: 97,
  subject: 'files of bots',
  statements: [
    `CREATE TABLE bot_files (
       bot_id bigint NOT NULL,
       document_id bigint NOT NULL,
       used_date integer NOT NULL,
       PRIMARY KEY (bot_id, document_id))`,
    'CREATE INDEX bot_files_by_use ON bot_files (bot_id, used_date)',
    'CREATE INDEX bot_files_by_document ON bot_files (document_id)',
    'CREATE INDEX bot_files_by_thumb ON bot_files ((document_id # 4611686018427387904))',
    `CREATE OR REPLACE VIEW document_uses AS SELECT document_id FROM message_files UNION ALL SELECT document_id FROM kept_documents
       UNION ALL SELECT document_id # 4611686018427387904 FROM kept_documents
       UNION ALL SELECT photo_id FROM web_pages WHERE photo_id IS NOT NULL
       UNION ALL SELECT document_id FROM bot_files
       UNION ALL SELECT document_id # 4611686018427387904 FROM bot_files`,
  ],
};
