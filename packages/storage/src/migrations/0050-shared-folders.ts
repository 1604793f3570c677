import type { Migration } from './migration.ts';

/** Links by which chat folders are shared, and the folders that were added by such links. */
export const migration: Migration = {
  number: 50,
  subject: 'shared-folders',
  statements: [
    // The directory of links: a link is unique across all owners (rule S18, unique names).
    `CREATE TABLE folder_link_names (
       slug text PRIMARY KEY,
       owner_id bigint NOT NULL
     )`,
    `CREATE INDEX folder_link_names_owner ON folder_link_names (owner_id)`,
    `CREATE TABLE folder_links (
       owner_id bigint NOT NULL,
       slug text NOT NULL,
       filter_id smallint NOT NULL,
       title text NOT NULL,
       peer_ids bigint[] NOT NULL,
       date integer NOT NULL,
       PRIMARY KEY (owner_id, slug)
     )`,
    `CREATE TABLE joined_folders (
       owner_id bigint NOT NULL,
       filter_id smallint NOT NULL,
       slug text NOT NULL,
       joined_ids bigint[] NOT NULL,
       seen_ids bigint[] NOT NULL,
       PRIMARY KEY (owner_id, filter_id),
       UNIQUE (owner_id, slug)
     )`,
  ],
};
