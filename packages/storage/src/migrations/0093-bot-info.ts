import type { Migration } from './migration.ts';

/** What people see of a bot: its texts in other languages, its commands and the button beside the text field. */
export const migration: Migration = {
  number: 93,
  subject: 'bot info',
  statements: [
    'ALTER TABLE bots ADD COLUMN group_rights integer NOT NULL DEFAULT 0, ADD COLUMN broadcast_rights integer NOT NULL DEFAULT 0',
    `CREATE TABLE bot_texts (
      bot_id bigint NOT NULL,
      lang_code text NOT NULL,
      name text NOT NULL DEFAULT '',
      about text NOT NULL DEFAULT '',
      description text NOT NULL DEFAULT '',
      PRIMARY KEY (bot_id, lang_code)
    )`,
    `CREATE TABLE bot_commands (
      bot_id bigint NOT NULL,
      peer_id bigint NOT NULL,
      user_id bigint NOT NULL,
      scope smallint NOT NULL,
      lang_code text NOT NULL,
      commands bytea NOT NULL,
      PRIMARY KEY (bot_id, peer_id, user_id, scope, lang_code)
    )`,
    `CREATE TABLE bot_menu_buttons (
      bot_id bigint NOT NULL,
      user_id bigint NOT NULL,
      PRIMARY KEY (bot_id, user_id)
    )`,
  ],
};
