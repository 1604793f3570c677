import type { Migration } from './migration.ts';

/** Messages that mention their owner and that the owner has not seen. */
export const migration: Migration = {
  number: 33,
  subject: 'mentions',
  statements: [
    // Flags of the message say the same, but `messages` must not have an index on them.
    `CREATE TABLE unread_mentions (
       owner_id bigint NOT NULL,
       peer_id bigint NOT NULL,
       msg_id integer NOT NULL,
       PRIMARY KEY (owner_id, peer_id, msg_id)
     )`,
  ],
};
