import type { Migration } from './migration.ts';

/**
 * The updates of the Bot API over HTTP that wait for their bots, and how far the boxes of bots were read. Questions to bots keep what the bot is told, and whether that
 * is among its updates. The questions of before are removed: their time is over when the server has started.
 */
export const migration: Migration = {
  number: 98,
  subject: 'bot updates',
  statements: [
    `CREATE TABLE bot_cursors (
      bot_id bigint PRIMARY KEY,
      next_id integer NOT NULL,
      pts integer NOT NULL DEFAULT 1,
      loose_seq integer NOT NULL DEFAULT 0,
      loose_pts integer NOT NULL DEFAULT 1,
      owner_epoch integer NOT NULL DEFAULT 1,
      epoch integer NOT NULL,
      allowed_updates text[]
    )`,
    `CREATE TABLE bot_channel_cursors (
      bot_id bigint NOT NULL,
      peer_id bigint NOT NULL,
      pts integer NOT NULL,
      PRIMARY KEY (bot_id, peer_id)
    )`,
    `CREATE TABLE bot_updates (
      bot_id bigint NOT NULL,
      update_id integer NOT NULL,
      name text NOT NULL,
      queue bigint NOT NULL,
      expires_date integer NOT NULL,
      json text NOT NULL,
      PRIMARY KEY (bot_id, update_id)
    )`,
    'CREATE INDEX bot_updates_by_expiry ON bot_updates (expires_date)',
    'DELETE FROM bot_queries',
    'ALTER TABLE bot_queries ALTER COLUMN question SET NOT NULL, ADD COLUMN is_queued boolean NOT NULL DEFAULT false',
  ],
};
