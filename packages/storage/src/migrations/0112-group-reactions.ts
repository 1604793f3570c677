import type { Migration } from './migration.ts';

/**
 * Reactions in basic groups become rows, too. Since the members' copies of a message there have different ids, both tables name a message by its chat and by a number that
 * all its copies share, and the totals name its author.
 */
export const migration: Migration = {
  number: 112,
  subject: 'group reactions',
  statements: [
    'ALTER TABLE reaction_totals ADD COLUMN author_id bigint',
    `UPDATE reaction_totals t SET author_id = p.poster_id FROM channel_messages p JOIN channels c USING (channel_id)
      WHERE p.channel_id = t.channel_id AND p.msg_id = t.msg_id AND p.poster_id > 0 AND c.kind <> 'broadcast'`,
    'ALTER TABLE channel_reactions RENAME TO given_reactions',
    ...['given_reactions', 'reaction_totals'].flatMap((table) => [
      `ALTER TABLE ${table} RENAME COLUMN channel_id TO peer_id`,
      `ALTER TABLE ${table} RENAME COLUMN msg_id TO post_id`,
      `ALTER TABLE ${table} ALTER COLUMN post_id TYPE bigint`,
      // The marked id of a channel.
      `UPDATE ${table} SET peer_id = -1000000000000 - peer_id`,
    ]),
    // null: nobody has set it.
    'ALTER TABLE chats ADD COLUMN reactions_limit integer',
  ],
};
