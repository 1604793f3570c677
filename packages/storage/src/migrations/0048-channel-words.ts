import type { Migration } from './migration.ts';

/** The words of the usernames and titles of public supergroups and channels, by which everybody finds them. */
export const migration: Migration = {
  number: 48,
  subject: 'channel-words',
  statements: [
    `CREATE TABLE channel_words (
       channel_id bigint NOT NULL,
       word text COLLATE "C" NOT NULL,
       words text COLLATE "C" NOT NULL,
       PRIMARY KEY (channel_id, word)
     )`,
    'CREATE INDEX channel_words_by_word ON channel_words (word, channel_id) INCLUDE (words)',
    // Channels that are public already get words without folded accents until their names change.
    `INSERT INTO channel_words (channel_id, word, words)
     SELECT w.channel_id, w.word, left(' ' || string_agg(w.word, ' ') OVER (PARTITION BY w.channel_id), 500)
       FROM (SELECT DISTINCT c.channel_id, left(word, 64) AS word
               FROM channels c, regexp_split_to_table(lower(c.username || ' ' || c.title), '[^[:alnum:]_]+') AS word
              WHERE c.username IS NOT NULL AND word <> '') AS w`,
  ],
};
