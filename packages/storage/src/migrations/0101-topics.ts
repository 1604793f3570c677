import type { Migration } from './migration.ts';

/** The topics of forums: supergroups whose messages are divided by subject. */
export const migration: Migration = {
  number: 101,
  subject: 'topics',
  statements: [
    // Rows of deleted topics stay, so that a message that is written meanwhile is refused with the right error.
    `CREATE TABLE forum_topics (
       channel_id bigint NOT NULL,
       topic_id integer NOT NULL,
       title text NOT NULL,
       icon_color integer NOT NULL,
       from_id bigint NOT NULL,
       creator_id bigint NOT NULL,
       date integer NOT NULL,
       closed boolean NOT NULL DEFAULT false,
       hidden boolean NOT NULL DEFAULT false,
       deleted boolean NOT NULL DEFAULT false,
       pinned_order integer NOT NULL DEFAULT 0,
       PRIMARY KEY (channel_id, topic_id)
     ) WITH (fillfactor = 80)`,
    // Few topics are pinned.
    'CREATE INDEX forum_topics_pinned ON forum_topics (channel_id, pinned_order) WHERE pinned_order > 0',
  ],
};
