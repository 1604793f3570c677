import { decomposeText } from '../shared/index.ts';

/** Maximum number of search words per user. */
const WORDS_MAX = 40;
/** Longer words are cut, because the index has each of them. */
const WORD_MAX = 64;

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
  const folded = decomposeText(text).replaceAll(MARKS, '').toLowerCase().normalize('NFC');
  return folded.split(BETWEEN_WORDS).flatMap((word) => (word === '' ? [] : [word.slice(0, WORD_MAX)]));
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
