import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

import { findAssets } from '../shared/index.ts';

const unpack = promisify(brotliDecompress);

/** The languages in which emoji are found by words. */
export const EMOJI_LANGUAGES: readonly string[] = [
  'bn', 'da', 'de', 'en', 'en-gb', 'es', 'es-mx', 'et', 'fi', 'fr', 'hi', 'hu', 'it', 'ja', 'ko', 'lt', 'ms', 'nb', 'nl', 'pl', 'pt', 'ru', 'sv', 'th', 'uk', 'vi', 'zh', 'zh-hant',
];

/** Codes that clients use for these languages as well. */
const OTHER_CODES: ReadonlyMap<string, string> = new Map([['no', 'nb'], ['zh-tw', 'zh-hant'], ['zh-hk', 'zh-hant']]);

/**
 * The language with words for emoji that a client's language code means: `pt-br` means `pt`. Pure.
 * @returns undefined if there is none
 */
export function findEmojiLanguage(code: string): string | undefined {
  const parts = code.toLowerCase().replaceAll('_', '-').split('-', 4);
  for (let count = parts.length; count > 0; count--) {
    const shorter = parts.slice(0, count).join('-');
    const known = OTHER_CODES.get(shorter) ?? shorter;
    if (EMOJI_LANGUAGES.includes(known)) return known;
  }
  return undefined;
}

/**
 * Reads the words by which emoji are found in a language, in lower case; a word may have spaces. Nothing is kept: the file is unpacked at each call.
 * @param code a language code of a client
 * @returns words by emoji, in the order of keyboards; undefined if there are none in this language
 */
export async function readEmojiWords(code: string): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  const language = findEmojiLanguage(code);
  if (language === undefined) return undefined;
  const text = await unpack(await readFile(join(findAssets(), 'emoji', 'words', `${language}.br`)));
  const lines = text.toString().split('\n');
  return new Map(lines.map((line) => {
    const [emoji, ...words] = line.split('\t');
    return [emoji!, words];
  }));
}

/** A group of emoji of the keyboard. */
export interface EmojiGroup {
  /** In English. */
  readonly title: string;
  /** Id of the custom emoji that stands for the group, in the set of icons. */
  readonly iconId: bigint;
  /** Without skin tones, in the order of keyboards. */
  readonly emoji: readonly string[];
}

/** Reads the eight groups of emoji. Nothing is kept. */
export async function listEmojiGroups(): Promise<EmojiGroup[]> {
  const rows = JSON.parse(await readFile(join(findAssets(), 'emoji', 'groups.json'), 'utf8')) as { title: string; icon: string; emoji: string }[];
  return rows.map(({ title, icon, emoji }) => ({ title, iconId: BigInt(icon), emoji: emoji.split(' ') }));
}
