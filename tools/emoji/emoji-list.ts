import { findTwemoji, readInstalled } from '../drawing/pictures.ts';

/** An emoji without a skin tone. */
export interface Emoji {
  emoji: string;
  /** Number of the group and name of the subgroup, as Unicode has them (unicode.org/emoji/charts). */
  group: number;
  subgroup: string;
  /** Twemoji's picture, as SVG; undefined if Twemoji has none. */
  svg: string | undefined;
}

interface EmojiRow {
  emoji: string;
  order: number;
  group?: number;
  subgroup?: number;
}

/** Skin tones and styles of hair, which are no emoji of their own. */
const COMPONENTS = 2;

const ONE_EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');

/** Reads a JSON file of an installed package. */
export function readInstalledJson(name: string): unknown {
  const text = readInstalled(name);
  if (text === undefined) throw new Error(`${name} is not installed`);
  return JSON.parse(text);
}

/** Removes the selectors that Unicode does not recommend: `✋` needs none, `❤️` does. */
export function cleanEmoji(emoji: string): string {
  const bare = emoji.replaceAll('\uFE0F', '');
  return ONE_EMOJI.test(bare) ? bare : emoji;
}

/** All emoji in the order of keyboards. */
export function listEmoji(): Emoji[] {
  const { subgroups } = readInstalledJson('emojibase-data/meta/groups.json') as { subgroups: Record<string, string> };
  const rows = readInstalledJson('emojibase-data/en/data.json') as EmojiRow[];
  return rows
    .filter(({ group }) => group !== undefined && group !== COMPONENTS)
    .toSorted((one, other) => one.order - other.order)
    .map((row) => {
      const emoji = cleanEmoji(row.emoji);
      return { emoji, group: row.group!, subgroup: subgroups[String(row.subgroup)]!, svg: findTwemoji(emoji) };
    });
}
