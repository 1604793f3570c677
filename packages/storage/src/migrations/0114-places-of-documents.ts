import type { Migration } from './migration.ts';

/** References to one document or poll are found box by box, the newest of each box first: one account can make very many of them. */
export const migration: Migration = {
  number: 114,
  subject: 'places of documents',
  statements: [
    'CREATE INDEX message_files_by_place ON message_files (document_id, scheduled_peer_id, owner_id, msg_id DESC)',
    'DROP INDEX message_files_by_document',
  ],
};
