import { sql, type Database } from '@aerogram/storage';

import { isUnspaced, wordsOf } from '../users/index.ts';

/** The users that a search found, in the order of the answer. */
export interface FoundUsers {
  /** The viewer's contacts. */
  own: bigint[];
  /** Other users who have a username, found by the username or by their name. */
  others: bigint[];
}

/**
 * Minimum length of a search term, because a shorter one would match a large part of all users. It does not apply to scripts without
 * spaces, where each character carries more information.
 */
const PREFIX_MIN = 3;
/**
 * Maximum number of index rows examined, to bound the cost of a common term. With several terms the rarest one selects the rows and the
 * others filter them, so more rows are needed.
 */
const CANDIDATES_MAX = 500;
const CANDIDATES_FEW_FIT_MAX = 5000;
/** Limits of the query text. Each word becomes a condition of the statement. */
const QUERY_LENGTH_MAX = 256;
const QUERY_WORDS_MAX = 16;
/** Sorts after every character that can follow a prefix. */
const AFTER_ALL = '\u{10FFFF}';

/** Finds contacts and public users in whose names and username every word of the query is the beginning of a word. */
export async function searchUsers(
  q: Database['q'],
  viewerId: bigint,
  query: string,
  limit: number,
): Promise<FoundUsers> {
  const words = [...new Set(wordsOf(query.trim().replace(/^@/, '').slice(0, QUERY_LENGTH_MAX)))].slice(0, QUERY_WORDS_MAX);
  if (words.length === 0) return { own: [], others: [] };
  const ranked = await rankWords(q, words);
  // The two searches run in parallel. The public one may also return the contacts found and the viewer, hence its larger limit.
  const [own, found] = await Promise.all([searchContacts(q, viewerId, ranked, limit), searchPublic(q, ranked, 2 * limit + 1)]);
  const known = new Set(own);
  return { own, others: found.filter((id) => !known.has(id)).slice(0, limit) };
}

function isTooShort(word: string): boolean {
  return word.length < PREFIX_MIN && !isUnspaced(word);
}

/** Orders the words by how many users they match, rarest first. Words that exceed the counting limit are ordered by length. */
async function rankWords(q: Database['q'], words: readonly string[]): Promise<string[]> {
  const ordered = words.toSorted((a, b) => b.length - a.length);
  if (ordered.length < 2) return ordered;
  const counts = ordered.map(
    (word) => sql`(SELECT count(*) FROM (SELECT FROM user_words w WHERE ${beginsWith(word)} LIMIT ${CANDIDATES_FEW_FIT_MAX}) AS counted)`,
  );
  const { rows } = await sql<{ counts: bigint[] }>`SELECT ARRAY[${sql.join(counts)}] AS counts`.execute(q);
  const found = new Map(ordered.map((word, at) => [word, Number(rows[0]!.counts[at])]));
  return ordered.toSorted((a, b) => found.get(a)! - found.get(b)!);
}

function beginsWith(word: string): ReturnType<typeof sql> {
  return sql`w.word >= ${word} AND w.word < ${word + AFTER_ALL}`;
}

/** Whether a word in the column `words` begins with this one. */
function hasWord(word: string): ReturnType<typeof sql> {
  return sql`strpos(c.words, ${` ${word}`}) > 0`;
}

/**
 * Finds contacts. Each word must match the name that the viewer gave the contact or the contact's public name. Public names are looked up
 * per contact, so it helps that the rarest word is checked first.
 */
async function searchContacts(q: Database['q'], viewerId: bigint, words: readonly string[], limit: number): Promise<bigint[]> {
  const fits = words.map(
    (word) => sql`(${hasWord(word)} OR EXISTS (SELECT 1 FROM user_words w WHERE w.user_id = c.user_id AND ${beginsWith(word)}))`,
  );
  const { rows } = await sql<{ user_id: bigint }>`
    SELECT c.user_id FROM contacts c WHERE c.owner_id = ${viewerId} AND ${sql.join(fits, sql` AND `)}
     ORDER BY c.user_id LIMIT ${limit}`.execute(q);
  return rows.map((row) => row.user_id);
}

/**
 * Finds public users. It scans one bounded range of the index for the rarest word; the other words are checked in the `words` column of the
 * same index rows. So the cost does not grow with the number of users.
 */
async function searchPublic(q: Database['q'], words: readonly string[], limit: number): Promise<bigint[]> {
  const rarest = words.find((word) => !isTooShort(word));
  if (rarest === undefined) return [];
  const others = words.filter((word) => word !== rarest);
  const fits = others.map(hasWord);
  const candidates = others.length === 0 ? CANDIDATES_MAX : CANDIDATES_FEW_FIT_MAX;
  const { rows } = await sql<{ user_id: bigint }>`
    SELECT c.user_id, min(c.word COLLATE "C") AS word
      FROM (SELECT w.user_id, w.word, w.words FROM user_words w
             WHERE ${beginsWith(rarest)}
             ORDER BY w.word, w.user_id LIMIT ${candidates}) AS c
     WHERE ${sql.join([sql`true`, ...fits], sql` AND `)}
     GROUP BY c.user_id
     ORDER BY word, c.user_id
     LIMIT ${limit}`.execute(q);
  return rows.map((row) => row.user_id);
}
