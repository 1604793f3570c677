import { sql, type Database } from '@aerogram/storage';

import { isUnspaced, wordsOf } from './user-words.ts';

/** A table with the words by which users or channels are found, and the column with their ids. */
export type WordIndex = { table: 'user_words'; id: 'user_id' } | { table: 'channel_words'; id: 'channel_id' };

export const USER_WORDS: WordIndex = { table: 'user_words', id: 'user_id' };
export const CHANNEL_WORDS: WordIndex = { table: 'channel_words', id: 'channel_id' };

/**
 * Minimum length of a search term, because a shorter one would match a large part of all users. It does not apply to scripts without
 * spaces, where each character carries more information.
 */
const PREFIX_MIN = 3;
/** Maximum number of index rows examined, to bound the cost of a common term. */
const CANDIDATES_MAX = 500;
/** Maximum number of index rows examined for several terms: the rarest one selects the rows and the others filter them, so more rows are needed. */
const CANDIDATES_FEW_FIT_MAX = 5000;
/** Maximum length of the query text, in UTF-16 units. */
const QUERY_LENGTH_MAX = 256;
/** Maximum number of words of the query text. Each becomes a condition of the statement. */
const QUERY_WORDS_MAX = 16;
/** Sorts after every character that can follow a prefix. */
const AFTER_ALL = '\u{10FFFF}';

/** The words of a query for names, without the `@` of a username. Pure. */
export function queryWords(query: string): string[] {
  return [...new Set(wordsOf(query.trim().replace(/^@/, '').slice(0, QUERY_LENGTH_MAX)))].slice(0, QUERY_WORDS_MAX);
}

/** Orders words by how many rows they match, rarest first. Words that exceed the counting limit are ordered by length. */
export async function rankWords(q: Database['q'], { table }: WordIndex, words: readonly string[]): Promise<string[]> {
  const ordered = words.toSorted((a, b) => b.length - a.length);
  if (ordered.length < 2) return ordered;
  const counts = ordered.map(
    (word) => sql`(SELECT count(*) FROM (SELECT FROM ${sql.table(table)} w WHERE ${beginsWith(word)} LIMIT ${CANDIDATES_FEW_FIT_MAX}) AS counted)`,
  );
  const { rows } = await sql<{ counts: bigint[] }>`SELECT ARRAY[${sql.join(counts)}] AS counts`.execute(q);
  const found = new Map(ordered.map((word, at) => [word, Number(rows[0]!.counts[at])]));
  return ordered.toSorted((a, b) => found.get(a)! - found.get(b)!);
}

/** The condition that the word of an index row `w` begins with this one. */
export function beginsWith(word: string): ReturnType<typeof sql> {
  return sql`w.word >= ${word} AND w.word < ${word + AFTER_ALL}`;
}

/** The condition that a word in the column `words` of a row `c` begins with this one. */
export function hasWord(word: string): ReturnType<typeof sql> {
  return sql`strpos(c.words, ${` ${word}`}) > 0`;
}

/**
 * Selects the rows that match all of some words. It scans one bounded range of the index for the rarest word; the other words are checked
 * in the `words` column of the same index rows. So the cost does not grow with the size of the index.
 * @param ranked the words, rarest first
 * @param candidatesMax maximum number of rows examined for a single word
 * @returns a subquery with the columns `id` and `word`, one row per matching word; undefined if all words are too short
 */
export function selectByWords({ table, id }: WordIndex, ranked: readonly string[], candidatesMax = CANDIDATES_MAX): ReturnType<typeof sql> | undefined {
  const rarest = ranked.find((word) => word.length >= PREFIX_MIN || isUnspaced(word));
  if (rarest === undefined) return undefined;
  const fits = ranked.filter((word) => word !== rarest).map(hasWord);
  const limit = fits.length === 0 ? candidatesMax : CANDIDATES_FEW_FIT_MAX;
  return sql`
    SELECT c.id, c.word
      FROM (SELECT w.${sql.ref(id)} AS id, w.word, w.words FROM ${sql.table(table)} w
             WHERE ${beginsWith(rarest)}
             ORDER BY w.word, w.${sql.ref(id)} LIMIT ${limit}) AS c
     WHERE ${sql.join([sql`true`, ...fits], sql` AND `)}`;
}
