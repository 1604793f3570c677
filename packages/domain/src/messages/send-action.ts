import type { tl } from '@aerogram/tl';

import type { ChatAction } from '../chats/index.ts';
import { hasCaption, mediaKindOf, mediaInside } from '../content/index.ts';
import type { OutgoingPart } from './outgoing.ts';

/** The rights that a new message needs in a group or channel. Pure. */
export function sendActionsOf(part: Pick<OutgoingPart, 'extra' | 'besides'>): ChatAction[] {
  const { extra: { media, viaBotId }, besides = [] } = part;
  const inside = media === undefined ? besides : [...mediaInside(media), ...besides];
  const needed = inside.length === 0 ? [sendActionOf(part)] : [...new Set([sendActionOf(part), ...inside.flatMap(actionsOfFile)])];
  return viaBotId === undefined ? needed : [...needed, 'send_inline'];
}

/** The right that a file needs; none for other media. Pure. */
export function actionsOfFile(media: tl.MessageMedia | undefined): ChatAction[] {
  return hasCaption(media) ? [sendActionOf({ extra: { media } })] : [];
}

/** The right that the media of a message, or a text without media, need in a group or channel. Pure. */
export function sendActionOf({ extra: { media } }: Pick<OutgoingPart, 'extra'>): ChatAction {
  return media === undefined ? 'send_plain' : mediaKindOf(media).right(media);
}
