import type { Migration } from './migration.ts';

/** What a person has in each topic of a forum: how far they have read it, a draft and notification settings. Also how far others have read a thread. */
export const migration: Migration = {
  number: 105,
  subject: 'topic marks',
  statements: [
    `ALTER TABLE user_threads
       ADD COLUMN ahead_from integer,
       ADD COLUMN ahead_own integer NOT NULL DEFAULT 0,
       ADD COLUMN draft bytea,
       ADD COLUMN draft_date integer NOT NULL DEFAULT 0,
       ADD COLUMN show_previews boolean,
       ADD COLUMN silent boolean,
       ADD COLUMN mute_until integer,
       ADD COLUMN sound bytea`,
    // Few threads have drafts or settings.
    'CREATE INDEX user_threads_drafts ON user_threads (owner_id) WHERE draft IS NOT NULL',
    'CREATE INDEX user_threads_settings ON user_threads (owner_id) WHERE show_previews IS NOT NULL OR silent IS NOT NULL OR mute_until IS NOT NULL OR sound IS NOT NULL',
    // For deleting what all people have in a topic or a channel that was deleted.
    'CREATE INDEX user_threads_topic ON user_threads (channel_id, top_id)',
    `ALTER TABLE channel_threads
       ADD COLUMN read_max_id integer NOT NULL DEFAULT 0,
       ADD COLUMN read_by bigint,
       ADD COLUMN second_read_max_id integer NOT NULL DEFAULT 0`,
  ],
};
