import type { Migration } from './migration.ts';

/** What private chats have beyond messages: pins. */
export const migration: Migration = {
  number: 8,
  subject: 'chats',
  statements: [
    // Which messages of a dialog are pinned: their flag says it too, but no index of `messages` may know it.
    `CREATE TABLE pinned_messages (
       owner_id bigint NOT NULL,
       peer_id bigint NOT NULL,
       msg_id integer NOT NULL,
       PRIMARY KEY (owner_id, peer_id, msg_id)
     )`,
  ],
};
