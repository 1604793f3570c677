import type { Migration } from './migration.ts';

/** Pictures in link previews, as photos. The collection keeps the photo of a page as long as the page is cached, so `document_uses` has it. */
export const migration: Migration = {
  number: 78,
  subject: 'pictures of link previews',
  statements: [
    'ALTER TABLE web_pages ADD COLUMN photo_id bigint',
    'CREATE INDEX web_pages_by_photo ON web_pages (photo_id) WHERE photo_id IS NOT NULL',
    // Whoever was shown a page loads its photo by the id of the page.
    'CREATE INDEX web_pages_by_id ON web_pages (page_id) WHERE photo_id IS NOT NULL',
    `CREATE OR REPLACE VIEW document_uses AS SELECT document_id FROM message_files UNION ALL SELECT document_id FROM kept_documents
       UNION ALL SELECT document_id # 4611686018427387904 FROM kept_documents
       UNION ALL SELECT photo_id FROM web_pages WHERE photo_id IS NOT NULL`,
  ],
};
