import type { Migration } from './migration.ts';

/** Where people are in their talk with BotFather. */
export const migration: Migration = {
  number: 91,
  subject: 'bot father',
  statements: [
    `CREATE TABLE bot_father_steps (
      owner_id bigint PRIMARY KEY,
      turn integer NOT NULL,
      purpose text NOT NULL,
      bot_id bigint,
      words text NOT NULL
    )`,
  ],
};
