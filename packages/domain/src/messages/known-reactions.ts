/** The emoji that one may react with, in the order in which they are offered to who has not used any. */
export const KNOWN_REACTIONS: readonly string[] = [
  '👍', '❤', '🔥', '🥰', '👏', '😁', '🎉', '🤩', '🙏', '👌', '😍', '💯', '🤣', '⚡', '🏆', '👎', '🤔', '🤯', '😱', '🤬', '😢', '🤮',
  '💩', '🤡', '🕊', '🥱', '🥴', '🐳', '❤‍🔥', '🌚', '🌭', '🍌', '💔', '🤨', '😐', '🍓', '🍾', '💋', '🖕', '😈', '😴', '😭', '🤓',
  '👻', '👨‍💻', '👀', '🎃', '🙈', '😇', '😨', '🤝', '✍', '🤗', '🫡', '🎅', '🎄', '☃', '💅', '🤪', '🗿', '🆒', '💘', '🙉', '🦄',
  '😘', '💊', '🙊', '😎', '👾', '🤷‍♂', '🤷', '🤷‍♀', '😡',
];

/** What one reacts with at once, before choosing another. */
export const DEFAULT_REACTION = '👍';

const KNOWN = new Set(KNOWN_REACTIONS);

/** The emoji without the selectors that some keyboards add; undefined when one may not react with it. */
export function findReaction(emoticon: string): string | undefined {
  const plain = emoticon.replaceAll('\uFE0F', '');
  return KNOWN.has(plain) ? plain : undefined;
}
