import type { Migration } from './migration.ts';

/** Files: what the blob store holds, the documents that clients see, and the messages that refer to them. */
export const migration: Migration = {
  number: 60,
  subject: 'files',
  statements: [
    `CREATE TABLE blobs (
       identity bytea PRIMARY KEY,
       name text NOT NULL UNIQUE,
       size bigint NOT NULL,
       wrapped_key bytea NOT NULL,
       block_hashes bytea NOT NULL,
       sha256 bytea,
       dc_id integer NOT NULL,
       created_date integer NOT NULL
     )`,
    'CREATE INDEX blobs_by_sha256 ON blobs (sha256) WHERE sha256 IS NOT NULL',
    `CREATE TABLE documents (
       document_id bigint PRIMARY KEY,
       identity bytea NOT NULL,
       uploader_id bigint NOT NULL,
       body bytea NOT NULL,
       created_date integer NOT NULL
     )`,
    'CREATE INDEX documents_by_identity ON documents (identity)',
    `CREATE TABLE message_files (
       owner_id bigint NOT NULL,
       scheduled_peer_id bigint NOT NULL,
       msg_id integer NOT NULL,
       document_id bigint NOT NULL,
       PRIMARY KEY (owner_id, scheduled_peer_id, msg_id, document_id)
     )`,
    'CREATE INDEX message_files_by_document ON message_files (document_id)',
    `CREATE TABLE file_releases (
       document_id bigint NOT NULL,
       since_date integer NOT NULL DEFAULT 0
     )`,
    'CREATE INDEX file_releases_by_document ON file_releases (document_id)',
    'CREATE INDEX file_releases_by_date ON file_releases (since_date)',
    `CREATE TABLE finished_uploads (
       user_id bigint NOT NULL,
       file_id bigint NOT NULL,
       identity bytea NOT NULL,
       created_date integer NOT NULL,
       PRIMARY KEY (user_id, file_id)
     )`,
    `CREATE TABLE stray_blobs (
       name text PRIMARY KEY,
       since_date integer NOT NULL
     )`,
    'CREATE INDEX finished_uploads_by_date ON finished_uploads (created_date)',
  ],
};
