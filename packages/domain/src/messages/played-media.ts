import type { tl } from '@aerogram/tl';

import { lifetimeOf } from '../files/index.ts';

/**
 * Whether clients show if a message with these media was played, or opened, as media with a lifetime are. Such a message has the flag `mediaUnread` until the receiver plays it, and its author
 * sees that, too. Pure.
 */
export function isPlayedMedia(media: tl.MessageMedia | undefined): boolean {
  return lifetimeOf(media) !== undefined || (media?._ === 'messageMediaDocument' && (media.voice === true || media.round === true));
}
