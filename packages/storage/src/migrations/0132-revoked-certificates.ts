import type { Migration } from './migration.ts';

/** From which date on the certificates of a data centre are good. */
export const migration: Migration = {
  number: 132,
  subject: 'revoked certificates',
  statements: ['ALTER TABLE homes ADD COLUMN certificates_from integer NOT NULL DEFAULT 0'],
};
