import type { Migration } from './migration.ts';

/** The files for which clients may have tokens of CDN nodes, so that nodes can be told to forget them. */
export const migration: Migration = {
  number: 82,
  subject: 'cdn files',
  statements: [
    `CREATE TABLE cdn_files (
       dc_id integer NOT NULL,
       file_id bytea NOT NULL,
       channel_id bigint NOT NULL,
       msg_id integer NOT NULL,
       document_id bigint NOT NULL,
       state smallint NOT NULL DEFAULT 0,
       until_date integer NOT NULL,
       PRIMARY KEY (dc_id, file_id, channel_id, msg_id, document_id))`,
    'CREATE INDEX cdn_files_to_forget ON cdn_files (dc_id, file_id) WHERE state = 1',
  ],
};
