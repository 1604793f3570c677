import type { Migration } from './migration.ts';

/** Search terms of the posts of public broadcast channels, so that one search covers all of these channels. */
export const migration: Migration = {
  number: 49,
  subject: 'public-posts',
  statements: [
    // Unlike those of `message_search`, the terms do not start with an owner.
    `CREATE TABLE public_posts (
       channel_id bigint NOT NULL,
       msg_id integer NOT NULL,
       date integer NOT NULL,
       terms tsvector NOT NULL,
       PRIMARY KEY (channel_id, msg_id)
     )`,
    'CREATE INDEX public_posts_terms ON public_posts USING gin (terms) WITH (gin_pending_list_limit = 1024)',
    // Finds the newest posts with a word that very many posts have.
    'CREATE INDEX public_posts_date ON public_posts (date, channel_id, msg_id)',
    // Whether the indexer writes the channel's posts to `public_posts`, too.
    'ALTER TABLE search_state ADD COLUMN is_public boolean NOT NULL DEFAULT false',
    // Channels that are public already are indexed anew.
    `DELETE FROM search_state s USING channels c WHERE s.owner_id = -1000000000000 - c.channel_id AND c.kind = 'broadcast' AND c.username IS NOT NULL`,
  ],
};
