import type { Migration } from './migration.ts';

/** Finds which master keys the keys of blobs are encrypted with, without reading all rows. */
export const migration: Migration = {
  number: 62,
  subject: 'blobs by master key',
  statements: ['CREATE INDEX blobs_by_master_key ON blobs ((substring(wrapped_key FROM 2 FOR 8)))'],
};
