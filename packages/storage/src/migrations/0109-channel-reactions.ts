import type { Migration } from './migration.ts';

/** Reactions to the posts of supergroups and channels: who gave which, and the totals of each post. */
export const migration: Migration = {
  number: 109,
  subject: 'channel reactions',
  statements: [
    `CREATE TABLE channel_reactions (
       channel_id bigint NOT NULL,
       msg_id integer NOT NULL,
       user_id bigint NOT NULL,
       emoticon text NOT NULL,
       as_id bigint,
       place integer NOT NULL,
       date integer NOT NULL,
       big boolean NOT NULL,
       PRIMARY KEY (channel_id, msg_id, user_id, emoticon)
     )`,
    'CREATE INDEX channel_reactions_listed ON channel_reactions (channel_id, msg_id, emoticon, place)',
    'CREATE INDEX channel_reactions_given ON channel_reactions (user_id, channel_id)',
    'CREATE INDEX channel_reactions_as ON channel_reactions (channel_id, as_id) WHERE as_id IS NOT NULL',
    `CREATE TABLE reaction_totals (
       channel_id bigint NOT NULL,
       msg_id integer NOT NULL,
       version integer NOT NULL,
       place integer NOT NULL,
       seen_place integer NOT NULL,
       emoticons text[] NOT NULL,
       counts integer[] NOT NULL,
       recent jsonb NOT NULL,
       has_unseen boolean NOT NULL,
       PRIMARY KEY (channel_id, msg_id)
     ) WITH (fillfactor = 70)`,
    'ALTER TABLE unread_reactions ADD COLUMN top_id integer',
    // null: nobody has set it.
    'ALTER TABLE channels ADD COLUMN reactions_limit integer',
  ],
};
