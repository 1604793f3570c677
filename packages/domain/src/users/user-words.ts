import type { Tx } from '@aerogram/storage';

/** More words than this has no name. */
const WORDS_MAX = 40;
/** Of all words together, in UTF-16 units: they stand in an index, whose rows have a bound of 2,700 bytes. */
const TOGETHER_MAX = 500;
const MARKS = /\p{M}/gu;
const BETWEEN_WORDS = /[^\p{L}\p{N}_]+/u;
/** Scripts that write no spaces: what one searches for may begin anywhere. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/** Whether a word is of a script that writes no spaces. */
export function isUnspaced(word: string): boolean {
  return UNSPACED.test(word);
}

/** The words of a text as they are searched: without case and accents. Pure. */
export function wordsOf(text: string): string[] {
  const folded = text.normalize('NFKD').replaceAll(MARKS, '').toLowerCase().normalize('NFC');
  return folded.split(BETWEEN_WORDS).filter((word) => word !== '');
}

/** What a user is found by: each word, and of unspaced scripts also what is left of it from each character on. Pure. */
export function searchWords(text: string): string[] {
  const words = wordsOf(text).flatMap((word) => {
    if (!isUnspaced(word)) return [word];
    const characters = Array.from(word);
    return characters.map((_, at) => characters.slice(at).join(''));
  });
  return [...new Set(words)].slice(0, WORDS_MAX);
}

/** All words in one text, as the search looks for beginnings in it: a space before each. Pure. */
export function joinWords(words: readonly string[]): string {
  return words.map((word) => ` ${word}`).join('');
}

/**
 * Writes what a user is found by, out of the row as the transaction has it. Users without a username are found by
 * nobody but those who have them as contacts, so they have no words.
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
  // What is cut off first are the rests of words without spaces.
  const together = joinWords(words.toSorted((a, b) => b.length - a.length)).slice(0, TOGETHER_MAX);
  await tx.q
    .insertInto('user_words')
    .values(words.map((word) => ({ user_id: userId, word, words: together })))
    .onConflict((oc) => oc.columns(['user_id', 'word']).doUpdateSet({ words: together }))
    .execute();
}
