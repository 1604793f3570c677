import type { tl } from '@aerogram/tl';

import { lifetimeOf } from '../documents/index.ts';

/**
 * Whether clients mark a message with these media as played (voice, round video) or opened (media with a lifetime). Such a message has the flag `mediaUnread` until the receiver plays it, and its author
 * sees that, too. Pure.
 */
export function isPlayedMedia(media: tl.MessageMedia | undefined): boolean {
  return lifetimeOf(media) !== undefined || (media?._ === 'messageMediaDocument' && (media.voice === true || media.round === true));
}
