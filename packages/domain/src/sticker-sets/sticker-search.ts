import type { SetKind } from './default-sets.ts';
import { emojiKey, emojiKeysIn } from './emoji-key.ts';
import type { EmojiKeywords } from './emoji-keywords.ts';
import type { ServedSet, SetHead } from './served-set.ts';
import type { SetCatalogue } from './set-catalogue.ts';

/** How much of a text with emoji counts, in UTF-16 units: clients send whole groups of them. */
export const EMOJI_TEXT_MAX = 1024;

/** What somebody looks for: emoji, one after another, or words. */
export interface StickerQuery {
  emoticon: string;
  words: string;
  /** Language codes of the client. */
  languages: readonly string[];
}

/** Finds stickers, custom emoji and sets among those that people are offered. */
export class StickerSearch {
  readonly #sets: Pick<SetCatalogue, 'listed'>;
  readonly #keywords: EmojiKeywords;
  /** The keys of the emoji of a set, in the order of its documents. */
  readonly #keys = new WeakMap<ServedSet, readonly string[]>();

  constructor(sets: Pick<SetCatalogue, 'listed'>, keywords: EmojiKeywords) {
    this.#sets = sets;
    this.#keywords = keywords;
  }

  /** Lists the ids of documents that stand for one of the emoji in a text. @param first sets whose documents come before all others */
  listByEmoji(kind: SetKind, text: string, first: readonly ServedSet[] = []): bigint[] {
    return this.#listByKeys(kind, emojiKeysIn(text), first);
  }

  /** Lists the ids of documents that fit a query. Those of sets whose title has the words come last. */
  async listDocuments(kind: SetKind, { emoticon, words, languages }: StickerQuery): Promise<bigint[]> {
    const keys = new Set([...emojiKeysIn(emoticon.slice(0, EMOJI_TEXT_MAX)), ...emojiKeysIn(words.slice(0, EMOJI_TEXT_MAX)), ...(await this.#keywords.findEmoji(words, languages))]);
    const titled = this.#sets.listed.filter((set) => set.kind === kind && hasTitle(set, words));
    return [...new Set([...this.#listByKeys(kind, keys), ...titled.flatMap(({ documents }) => documents.map(({ id }) => id))])];
  }

  /** Lists sets for the words of a search: first those that are called so, then those with a sticker or emoji for these words. */
  async listSets(kind: SetKind, words: string): Promise<ServedSet[]> {
    const keys = new Set([...emojiKeysIn(words.slice(0, EMOJI_TEXT_MAX)), ...(await this.#keywords.findEmoji(words, []))]);
    const sets = this.#sets.listed.filter((set) => set.kind === kind);
    return [...new Set([...sets.filter((set) => hasTitle(set, words)), ...sets.filter((set) => this.#keysOf(set).some((key) => keys.has(key)))])];
  }

  #listByKeys(kind: SetKind, keys: ReadonlySet<string>, first: readonly ServedSet[] = []): bigint[] {
    const found: bigint[] = [];
    for (const set of new Set([...first, ...this.#sets.listed])) {
      if (set.kind !== kind) continue;
      for (const [at, key] of this.#keysOf(set).entries()) if (keys.has(key)) found.push(set.documents[at]!.id);
    }
    return found;
  }

  #keysOf(set: ServedSet): readonly string[] {
    const keys = this.#keys.get(set) ?? set.documents.map(({ emoji }) => emojiKey(emoji));
    this.#keys.set(set, keys);
    return keys;
  }
}

/** Whether the words are the name of a set, or its title or a word of it begins with them. Pure. */
export function hasTitle({ title, shortName }: Pick<SetHead, 'title' | 'shortName'>, words: string): boolean {
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return false;
  const name = title.toLowerCase();
  return shortName.toLowerCase() === wanted || name.startsWith(wanted) || name.includes(` ${wanted}`);
}
