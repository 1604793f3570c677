import type { Migration } from './migration.ts';

/** Where the server sends the updates of bots that do not ask for them. */
export const migration: Migration = {
  number: 99,
  subject: 'bot webhooks',
  statements: [
    `CREATE TABLE bot_webhooks (
      bot_id bigint PRIMARY KEY,
      url text NOT NULL,
      secret text NOT NULL,
      certificate text,
      ip_address text NOT NULL,
      max_connections integer NOT NULL,
      last_error_date integer NOT NULL DEFAULT 0,
      last_error_message text NOT NULL DEFAULT '',
      gone_since integer NOT NULL DEFAULT 0
    )`,
  ],
};
