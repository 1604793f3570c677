import { plainEmoji } from './served-set.ts';

const SKIN_TONES = /[\u{1F3FB}-\u{1F3FF}]/gu;
const HAS_EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20E3/u;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** By what two emoji are the same in a search: without the selector U+FE0F and without colours of skin. Pure. */
export function emojiKey(emoji: string): string {
  return plainEmoji(emoji).replace(SKIN_TONES, '');
}

/** The keys of the emoji in a text: clients write several ones after another for a group of emoji. Pure. */
export function emojiKeysIn(text: string): Set<string> {
  const keys = new Set<string>();
  for (const { segment } of graphemes.segment(text)) if (HAS_EMOJI.test(segment)) keys.add(emojiKey(segment));
  return keys;
}
