import { brotliCompressSync, constants } from 'node:zlib';
import { cleanEmoji, type Emoji, readInstalledJson } from './emoji-list.ts';
import type { SetRow } from './pack.ts';

/** The languages of emojibase-data. */
export const LANGUAGES = 'bn da de en en-gb es es-mx et fi fr hi hu it ja ko lt ms nb nl pl pt ru sv th uk vi zh zh-hant'.split(' ');

interface WordRow {
  unicode: string;
  label: string;
  tags?: string[];
}

const wordsOf = ({ label, tags = [] }: WordRow): string[] => {
  // Labels of flags and keycaps say the kind first: "flag: Germany".
  const name = label.slice(label.indexOf(': ') < 0 ? 0 : label.indexOf(': ') + 2);
  const words = [name, ...tags].map((word) => word.toLowerCase().replaceAll(/\s+/g, ' ').trim());
  return [...new Set(words)].filter((word) => word !== '');
};

/** The words of a language, packed: a line for each emoji, in which a tab stands before each word. */
export function packWords(language: string, emoji: readonly Emoji[]): Uint8Array {
  const rows = readInstalledJson(`emojibase-data/${language}/compact.json`) as WordRow[];
  const byEmoji = new Map(rows.map((row) => [cleanEmoji(row.unicode), row]));
  const lines = emoji.flatMap((one) => {
    const row = byEmoji.get(one.emoji);
    const words = row ? wordsOf(row) : [];
    return words.length === 0 ? [] : [[one.emoji, ...words].join('\t')];
  });
  const text = Buffer.from(lines.join('\n'));
  return brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } });
}

/** The groups of emoji of keyboards, with the icon of each, by Unicode's numbers of groups. */
const GROUPS: readonly (readonly [title: string, iconEmoji: string, groups: readonly number[]])[] = [
  ['Smileys & People', '😀', [0, 1]],
  ['Animals & Nature', '🐾', [3]],
  ['Food & Drink', '🍔', [4]],
  ['Activities', '⚽', [6]],
  ['Travel & Places', '✈️', [5]],
  ['Objects', '💡', [7]],
  ['Symbols', '#️⃣', [8]],
  ['Flags', '🚩', [9]],
];

/** The groups of emoji, each with the id of its icon and its emoji, which a space separates. */
export function describeGroups(emoji: readonly Emoji[], icons: SetRow): { title: string; icon: string; emoji: string }[] {
  return GROUPS.map(([title, iconEmoji, groups]) => {
    const icon = icons.documents.find((document) => document[5] === iconEmoji);
    if (icon === undefined) throw new Error(`there is no icon ${iconEmoji}`);
    return { title, icon: icon[0], emoji: groups.flatMap((group) => emoji.filter((one) => one.group === group)).map((one) => one.emoji).join(' ') };
  });
}
