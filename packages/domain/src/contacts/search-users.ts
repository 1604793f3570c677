import { sql, type Database } from '@aerogram/storage';

import { isUnspaced, wordsOf } from '../users/index.ts';

/** Who a search found; ids in the order of the answer. */
export interface FoundUsers {
  /** The viewer's contacts. */
  own: bigint[];
  /** Others who have a username, by it or by their name. */
  others: bigint[];
}

/** A shorter beginning of a word would list half the server; of scripts without spaces each character says more. */
const PREFIX_MIN = 3;
/** Words looked at: a bound for what a common beginning costs. With several words the rarest one only narrows down. */
const CANDIDATES_MAX = 500;
const CANDIDATES_FEW_FIT_MAX = 5000;
/** What is typed into a field for names; each word is a condition of the statement, so their number has a bound. */
const QUERY_LENGTH_MAX = 256;
const QUERY_WORDS_MAX = 16;
/** Sorts after every letter that follows a prefix. */
const AFTER_ALL = '\u{10FFFF}';

/** Contacts whose name or username has words that begin with those of the query, and public users likewise. */
export async function searchUsers(
  q: Database['q'],
  viewerId: bigint,
  query: string,
  limit: number,
): Promise<FoundUsers> {
  const words = [...new Set(wordsOf(query.trim().replace(/^@/, '').slice(0, QUERY_LENGTH_MAX)))].slice(0, QUERY_WORDS_MAX);
  if (words.length === 0) return { own: [], others: [] };
  const ranked = await rankWords(q, words);
  // Side by side; all contacts that are found and the viewer may be among the public ones.
  const [own, found] = await Promise.all([searchContacts(q, viewerId, ranked, limit), searchPublic(q, ranked, 2 * limit + 1)]);
  const known = new Set(own);
  return { own, others: found.filter((id) => !known.has(id)).slice(0, limit) };
}

function isTooShort(word: string): boolean {
  return word.length < PREFIX_MIN && !isUnspaced(word);
}

/** The rarest word first, as far as that matters: of words that more names have than are looked at the longest. */
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

/** Whether one of the words in a row's `words` begins so. */
function hasWord(word: string): ReturnType<typeof sql> {
  return sql`strpos(c.words, ${` ${word}`}) > 0`;
}

/**
 * Each word fits the name that the viewer gave, or one by which everybody finds the user; those are looked up, so the rarest word
 * leaves few to be looked up for the others.
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
 * One range of the index by the rarest word, cut at a bound; whether somebody there has the other words of the query stands in the
 * same index. So the cost does not grow with the number of users.
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
