import type { Migration } from './migration.ts';

/** Tags in Saved Messages: reactions by which the owner sorts messages. */
export const migration: Migration = {
  number: 16,
  subject: 'saved-tags',
  statements: [
    // Which messages in Saved Messages have which tags. The messages also contain them, but `messages` must not have an index on them.
    `CREATE TABLE message_tags (
       owner_id bigint NOT NULL,
       msg_id integer NOT NULL,
       emoticon text COLLATE "C" NOT NULL,
       saved_peer_id bigint NOT NULL,
       PRIMARY KEY (owner_id, msg_id, emoticon)
     )`,
    `CREATE TABLE tag_titles (
       owner_id bigint NOT NULL,
       emoticon text COLLATE "C" NOT NULL,
       title text NOT NULL,
       PRIMARY KEY (owner_id, emoticon)
     )`,
  ],
};
