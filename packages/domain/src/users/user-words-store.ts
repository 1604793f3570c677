import type { Tx } from '@aerogram/storage';

import { joinWords, searchWords } from './user-words.ts';

/** Maximum total length of the words of a user or channel in UTF-16 units. They are in an index whose rows can hold 2,700 bytes. */
const TOGETHER_MAX = 500;

/** All words of a user or channel, for the column `words`. Pure. */
export function joinAllWords(words: readonly string[]): string {
  // Sorted by length, so that short suffixes of words without spaces are cut off first.
  return joinWords(words.toSorted((a, b) => b.length - a.length)).slice(0, TOGETHER_MAX);
}

/**
 * Rewrites a user's search words from the row as the transaction sees it. Only users with a username can be found by people who do not have
 * them as contacts, so others have no words.
 */
export async function saveUserWords(tx: Tx, userId: bigint): Promise<void> {
  const row = await tx.q
    .selectFrom('users')
    .select(['username', 'first_name', 'last_name', 'deleted'])
    .where('user_id', '=', userId)
    .executeTakeFirst();
  const isPublic = row !== undefined && row.username !== null && !row.deleted;
  const words = isPublic ? searchWords(`${row.username} ${row.first_name} ${row.last_name}`) : [];
  await tx.q
    .deleteFrom('user_words')
    .where('user_id', '=', userId)
    .$if(words.length > 0, (query) => query.where('word', 'not in', words))
    .execute();
  if (words.length === 0) return;
  const together = joinAllWords(words);
  await tx.q
    .insertInto('user_words')
    .values(words.map((word) => ({ user_id: userId, word, words: together })))
    .onConflict((oc) => oc.columns(['user_id', 'word']).doUpdateSet({ words: together }))
    .execute();
}
