import type { Migration } from './migration.ts';

/** Which blobs operators have deleted, and which content they have blocked. The row of a deleted blob stays, because documents refer to it. */
export const migration: Migration = {
  number: 71,
  subject: 'blob moderation',
  statements: [
    'ALTER TABLE blobs ADD COLUMN deleted_date integer',
    'CREATE INDEX blobs_deleted ON blobs (deleted_date) WHERE deleted_date IS NOT NULL',
    `CREATE TABLE blocked_blobs (
       identity bytea PRIMARY KEY,
       blocked_date integer NOT NULL)`,
  ],
};
