import type { Migration } from './migration.ts';

/** Previews of web pages that messages link to. */
export const migration: Migration = {
  number: 14,
  subject: 'web-pages',
  statements: [
    `CREATE TABLE web_pages (
       url_hash bytea PRIMARY KEY,
       page_id bigint NOT NULL,
       url text NOT NULL,
       state smallint NOT NULL,
       page bytea,
       requested_date integer NOT NULL,
       expires_date integer NOT NULL
     )`,
    // A row is written when a page is requested and when it has been fetched, and again once a day for a page that is linked to often.
    `CREATE INDEX web_pages_expires ON web_pages (expires_date)`,
  ],
};
