import type { Migration } from './migration.ts';

/**
 * Stores all words of the user next to each word, in the table and in its index: a search for several words reads the range of one word and
 * checks the others there, without further lookups.
 */
export const migration: Migration = {
  number: 21,
  subject: 'user-words-together',
  statements: [
    `
ALTER TABLE user_words ADD COLUMN words text COLLATE "C" NOT NULL DEFAULT '';
UPDATE user_words w SET words = u.words
  FROM (SELECT user_id, left(' ' || string_agg(word, ' ' ORDER BY length(word) DESC), 500) AS words FROM user_words GROUP BY user_id) u
 WHERE u.user_id = w.user_id;
DROP INDEX user_words_by_word;
CREATE INDEX user_words_by_word ON user_words (word, user_id) INCLUDE (words);
`,
  ],
};
