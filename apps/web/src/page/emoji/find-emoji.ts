import data from './emoji.json';

export type Emoji = [emoji: string, name: string];

const groups = data as { name: string; emoji: Emoji[] }[];

/** Emoji that a search shows. */
const FOUND_MAX = 120;

/** Emoji by the groups of Unicode. */
export const emojiGroups: readonly { name: string; emoji: readonly Emoji[] }[] = groups;

const names = new Map(groups.flatMap(({ emoji }) => emoji));

/** The English name of an emoji. Pure. */
export const emojiName = (emoji: string): string => names.get(emoji) ?? '';

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
