import type { Migration } from './migration.ts';

/** Reactions in Saved Messages, by which their owner sorts them. */
export const migration: Migration = {
  number: 16,
  subject: 'saved-tags',
  statements: [
    // Which messages in Saved Messages bear which tags; the messages say it too, but no index of theirs may.
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
