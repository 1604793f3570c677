import data from './emoji.json';
import { withoutTone } from './skin-tones.ts';

export type Emoji = [emoji: string, name: string];

const groups = data as { name: string; emoji: Emoji[] }[];

/** Emoji that a search shows. */
const FOUND_MAX = 120;

/** Emoji by the groups of Unicode. */
export const emojiGroups: readonly { name: string; emoji: readonly Emoji[] }[] = groups;

const names = new Map(groups.flatMap(({ emoji }) => emoji));

/** The English name of an emoji, of whatever colour of skin. Pure. */
export function emojiName(emoji: string): string {
  const plain = withoutTone(emoji);
  // A colour of skin stands in the place of the sign that asks for a picture.
  return names.get(emoji) ?? names.get(plain) ?? names.get(`${plain}\uFE0F`) ?? '';
}

/** Emoji of whose names each word of a query begins a word; those whose names begin with the query come first. Pure. */
export function findEmoji(query: string): Emoji[] {
  const wanted = query.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  if (wanted.length === 0) return [];
  const found = groups.flatMap(({ emoji }) => emoji).filter(([, name]) => {
    const words = name.toLowerCase().split(/[^\p{L}\p{N}]+/u);
    return wanted.every((word) => words.some((each) => each.startsWith(word)));
  });
  const isFirst = ([, name]: Emoji): number => (name.toLowerCase().startsWith(wanted.join(' ')) ? 0 : 1);
  return found.sort((one, two) => isFirst(one) - isFirst(two)).slice(0, FOUND_MAX);
}
