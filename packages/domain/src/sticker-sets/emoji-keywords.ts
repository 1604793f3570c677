import type { tl } from '@aerogram/tl';

import { findEmojiLanguage, readEmojiWords } from '../documents/index.ts';
import { emojiKey } from './emoji-key.ts';

/** How many languages are kept in memory; one takes about half a megabyte. */
const LANGUAGES_MAX = 4;
/** A word of fewer signs finds only emoji that have this very word. */
const PREFIX_MIN = 3;

/** Emoji by word, in the order of keyboards. */
type Words = ReadonlyMap<string, readonly string[]>;

/** The words by which emoji are found. The file of a language is read when it is needed first; those that were not used for the longest time are forgotten. */
export class EmojiKeywords {
  /** Raised when a file of words changes, so that clients load all of them again. */
  readonly version = 1;
  readonly #languages = new Map<string, Promise<Words>>();

  /** The words of a language in the form that clients load; none if the language has no words. */
  async listKeywords(code: string): Promise<tl.emojiKeyword[]> {
    const words = await this.#open(code);
    return Array.from(words ?? [], ([keyword, emoticons]) => ({ _: 'emojiKeyword', keyword, emoticons: [...emoticons] }));
  }

  /** Of the languages of a client, those that have words; English if none has. */
  listLanguages(codes: readonly string[]): string[] {
    const known = new Set(codes.flatMap((code) => findEmojiLanguage(code) ?? []));
    return known.size === 0 ? ['en'] : [...known];
  }

  /**
   * The keys of the emoji with a word that is the query or begins with it, in one of the languages or in English. Those with the very word come first.
   * @param codes language codes of a client; more than {@link LANGUAGES_MAX} are left out
   */
  async findEmoji(query: string, codes: readonly string[]): Promise<Set<string>> {
    const wanted = query.trim().toLowerCase();
    const exact = new Set<string>();
    const begun = new Set<string>();
    if (wanted === '') return exact;
    for (const code of new Set([...this.listLanguages(codes), 'en'].slice(0, LANGUAGES_MAX))) {
      const words = (await this.#open(code)) ?? new Map<string, readonly string[]>();
      for (const emoji of words.get(wanted) ?? []) exact.add(emojiKey(emoji));
      if (wanted.length < PREFIX_MIN) continue;
      for (const [word, emoji] of words) if (word.startsWith(wanted)) for (const one of emoji) begun.add(emojiKey(one));
    }
    return new Set([...exact, ...begun]);
  }

  async #open(code: string): Promise<Words | undefined> {
    const language = findEmojiLanguage(code);
    if (language === undefined) return undefined;
    const known = this.#languages.get(language);
    const words = known ?? readWords(language);
    this.#languages.delete(language);
    this.#languages.set(language, words);
    if (this.#languages.size > LANGUAGES_MAX) this.#languages.delete(this.#languages.keys().next().value!);
    try {
      return await words;
    } catch (error) {
      // A failure is not kept: the process may have had too many files open for a moment.
      if (this.#languages.get(language) === words) this.#languages.delete(language);
      throw error;
    }
  }
}

async function readWords(language: string): Promise<Words> {
  const words = new Map<string, string[]>();
  for (const [emoji, names] of (await readEmojiWords(language)) ?? []) {
    for (const name of names) {
      const known = words.get(name) ?? [];
      words.set(name, known);
      if (!known.includes(emoji)) known.push(emoji);
    }
  }
  return words;
}
