import type { Migration } from './migration.ts';

/** What bots are still to be told: of their own polls (null: a poll that a person made), and of the reactions to posts of broadcast channels. */
export const migration: Migration = {
  number: 111,
  subject: 'news for bots',
  statements: [
    'ALTER TABLE polls ADD COLUMN bot_news boolean',
    'UPDATE polls p SET bot_news = false FROM users u WHERE u.user_id = p.creator_id AND u.bot',
    'ALTER TABLE reaction_totals ADD COLUMN bot_news boolean NOT NULL DEFAULT false',
  ],
};
