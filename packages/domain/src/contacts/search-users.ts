import { sql, type Database } from '@aerogram/storage';

import { beginsWith, hasWord, queryWords, rankWords, selectByWords, USER_WORDS } from '../users/index.ts';

/** The users that a search found, in the order of the answer. */
export interface FoundUsers {
  /** The viewer's contacts. */
  own: bigint[];
  /** Other users who have a username, found by the username or by their name. */
  others: bigint[];
}

/** Finds contacts and public users in whose names and username every word of the query is the beginning of a word. */
export async function searchUsers(
  q: Database['q'],
  viewerId: bigint,
  query: string,
  limit: number,
): Promise<FoundUsers> {
  const words = queryWords(query);
  if (words.length === 0) return { own: [], others: [] };
  const ranked = await rankWords(q, USER_WORDS, words);
  // The two searches run in parallel. The public one may also return the contacts found and the viewer, hence its larger limit.
  const [own, found] = await Promise.all([searchContacts(q, viewerId, ranked, limit), searchPublic(q, ranked, 2 * limit + 1)]);
  const known = new Set(own);
  return { own, others: found.filter((id) => !known.has(id)).slice(0, limit) };
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

/** Finds public users. */
async function searchPublic(q: Database['q'], words: readonly string[], limit: number): Promise<bigint[]> {
  const candidates = selectByWords(USER_WORDS, words);
  if (candidates === undefined) return [];
  const { rows } = await sql<{ id: bigint }>`
    SELECT c.id, min(c.word COLLATE "C") AS word FROM (${candidates}) AS c GROUP BY c.id ORDER BY word, c.id LIMIT ${limit}`.execute(q);
  return rows.map((row) => row.id);
}
