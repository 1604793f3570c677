import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { cleanLine } from '../peers/index.ts';
import { isOneEmoji } from '../shared/index.ts';

/** For how many emoji a sticker may stand. */
const EMOJI_MAX = 20;
/** How many words a sticker may have. */
const KEYWORDS_MAX = 20;
/** How many UTF-16 units they may have together. */
const KEYWORDS_LENGTH_MAX = 64;
/** The longest list of emoji or words that is looked at, in UTF-16 units. */
const SENT_MAX = 1024;
/** How far from its place a mask may stand, in its own sizes. */
const MASK_SHIFT_MAX = 10;
/** How much smaller or larger than it is a mask may be drawn. */
const MASK_ZOOM = { min: 0.1, max: 10 };
/** Places of a mask: forehead, eyes, mouth, chin. */
const MASK_PLACES = 4;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * The emoji for which a sticker stands, each once, in their order.
 * @throws RpcError STICKER_EMOJI_INVALID
 */
export function checkedEmoji(text: string): [string, ...string[]] {
  if (text.length > SENT_MAX) throw rpcError('STICKER_EMOJI_INVALID');
  const emoji = [...new Set(Array.from(graphemes.segment(text), ({ segment }) => segment).filter((one) => one.trim() !== ''))];
  const [first, ...others] = emoji;
  if (first === undefined || emoji.length > EMOJI_MAX || !emoji.every(isOneEmoji)) throw rpcError('STICKER_EMOJI_INVALID');
  return [first, ...others];
}

/** The words of a sticker, which clients write with commas between them. Those beyond the limit are left out. */
export function checkedKeywords(text: string | undefined): string[] {
  const words = [...new Set((text ?? '').slice(0, SENT_MAX).split(',').map((word) => cleanLine(word, KEYWORDS_LENGTH_MAX).toLowerCase()).filter((word) => word !== ''))].slice(0, KEYWORDS_MAX);
  let length = 0;
  return words.filter((word) => (length += word.length) <= KEYWORDS_LENGTH_MAX);
}

/** Where a mask stands on a face, rebuilt; undefined if the client has named no place that there is. */
export function checkedMask(coords: tl.MaskCoords | undefined): tl.maskCoords | undefined {
  if (coords === undefined) return undefined;
  const { n, x, y, zoom } = coords;
  const isPlace = Number.isInteger(n) && n >= 0 && n < MASK_PLACES && [x, y].every((shift) => Math.abs(shift) <= MASK_SHIFT_MAX) && zoom >= MASK_ZOOM.min && zoom <= MASK_ZOOM.max;
  return isPlace ? { _: 'maskCoords', n, x, y, zoom } : undefined;
}
