import type { Migration } from './migration.ts';

/** What is known of pages that messages link to. */
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
    // Written when a page is asked for and when it is settled, and once more a day for one that is much linked to.
    `CREATE INDEX web_pages_expires ON web_pages (expires_date)`,
  ],
};
