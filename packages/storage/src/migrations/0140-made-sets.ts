import type { Migration } from './migration.ts';

/**
 * Sticker sets that people and bots make, and the documents that belong to them. A document stays when it leaves its set, or the set is deleted, because texts and statuses name it by its id
 * alone; so `document_uses` has it, too, with its thumbnail. A supergroup has a set of
 * stickers and one of custom emoji that its members are offered.
 */
export const migration: Migration = {
  number: 140,
  subject: 'made sets',
  statements: [
    `
CREATE TABLE sticker_sets (
  set_id int8 NOT NULL PRIMARY KEY,
  kind int2 NOT NULL,
  creator_id int8 NOT NULL,
  maker_id int8 NOT NULL,
  title text NOT NULL,
  short_name text NOT NULL,
  name_key text NOT NULL UNIQUE,
  text_color bool NOT NULL,
  version int NOT NULL,
  count int NOT NULL,
  thumb_document_id int8,
  created_date int NOT NULL
);
CREATE INDEX sticker_sets_by_creator ON sticker_sets (creator_id, set_id DESC);
CREATE INDEX sticker_sets_by_maker ON sticker_sets (maker_id);

CREATE TABLE sticker_documents (
  document_id int8 NOT NULL PRIMARY KEY,
  set_id int8 NOT NULL,
  kind int2 NOT NULL,
  creator_id int8 NOT NULL,
  maker_id int8 NOT NULL,
  source_id int8 NOT NULL,
  size int NOT NULL,
  position int,
  emoji text[] NOT NULL,
  emoji_keys text[] NOT NULL,
  keywords text[] NOT NULL,
  added_date int NOT NULL
);
CREATE INDEX sticker_documents_by_set ON sticker_documents (set_id, position);
CREATE INDEX sticker_documents_by_creator ON sticker_documents (creator_id);
CREATE INDEX sticker_documents_by_maker ON sticker_documents (maker_id);
CREATE INDEX sticker_documents_by_thumb ON sticker_documents ((document_id # 4611686018427387904));
`,
    'ALTER TABLE channels ADD COLUMN sticker_set_id int8, ADD COLUMN emoji_set_id int8',
    `CREATE OR REPLACE VIEW document_uses AS SELECT document_id FROM message_files UNION ALL SELECT document_id FROM kept_documents
       UNION ALL SELECT document_id # 4611686018427387904 FROM kept_documents
       UNION ALL SELECT photo_id FROM web_pages WHERE photo_id IS NOT NULL
       UNION ALL SELECT document_id FROM bot_files
       UNION ALL SELECT document_id # 4611686018427387904 FROM bot_files
       UNION ALL SELECT p.document_id FROM poll_files p WHERE EXISTS (SELECT FROM message_files f WHERE f.document_id = p.poll_id)
       UNION ALL SELECT document_id FROM sticker_documents
       UNION ALL SELECT document_id # 4611686018427387904 FROM sticker_documents`,
  ],
};
