import type { Tx } from '@aerogram/storage';

/** Maximum number of search words per user. */
const WORDS_MAX = 40;
/** Maximum total length of a user's words in UTF-16 units. They are in an index whose rows can hold 2,700 bytes. */
const TOGETHER_MAX = 500;
const MARKS = /\p{M}/gu;
const BETWEEN_WORDS = /[^\p{L}\p{N}_]+/u;
/** Scripts written without spaces, in which a search term may start at any character. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/** Whether a word is in a script written without spaces. */
export function isUnspaced(word: string): boolean {
  return UNSPACED.test(word);
}

/** Splits a text into search words, without case and accents. Pure. */
export function wordsOf(text: string): string[] {
  const folded = text.normalize('NFKD').replaceAll(MARKS, '').toLowerCase().normalize('NFC');
  return folded.split(BETWEEN_WORDS).filter((word) => word !== '');
}

/** The words by which a user is found: each word, and for scripts without spaces also every suffix of it. Pure. */
export function searchWords(text: string): string[] {
  const words = wordsOf(text).flatMap((word) => {
    if (!isUnspaced(word)) return [word];
    const characters = Array.from(word);
    return characters.map((_, at) => characters.slice(at).join(''));
  });
  return [...new Set(words)].slice(0, WORDS_MAX);
}

/** Joins words into one text with a space before each, so that a search can match the beginnings of words. Pure. */
export function joinWords(words: readonly string[]): string {
  return words.map((word) => ` ${word}`).join('');
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
  // Sorted by length, so that short suffixes of words without spaces are cut off first.
  const together = joinWords(words.toSorted((a, b) => b.length - a.length)).slice(0, TOGETHER_MAX);
  await tx.q
    .insertInto('user_words')
    .values(words.map((word) => ({ user_id: userId, word, words: together })))
    .onConflict((oc) => oc.columns(['user_id', 'word']).doUpdateSet({ words: together }))
    .execute();
}
