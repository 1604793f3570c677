import type { Migration } from './migration.ts';

/** Bots: what there is of them beside their rows in `users`, and to whom they may write first. */
export const migration: Migration = {
  number: 89,
  subject: 'bots',
  statements: [
    `CREATE TABLE bots (
      bot_id bigint PRIMARY KEY,
      owner_id bigint,
      created_date integer NOT NULL,
      info_version integer NOT NULL DEFAULT 1,
      joins_groups boolean NOT NULL DEFAULT true,
      reads_all boolean NOT NULL DEFAULT false,
      inline_placeholder text,
      inline_geo boolean NOT NULL DEFAULT false,
      token_hash bytea NOT NULL,
      former_hash bytea,
      sealed_token bytea NOT NULL
    )`,
    'CREATE INDEX bots_of_owner ON bots (owner_id)',
    `CREATE TABLE bot_users (
      bot_id bigint NOT NULL,
      user_id bigint NOT NULL,
      since_date integer NOT NULL,
      PRIMARY KEY (bot_id, user_id)
    )`,
  ],
};
