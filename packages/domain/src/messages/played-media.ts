import type { tl } from '@aerogram/tl';

/**
 * Whether clients show if a message with these media was played. Such a message has the flag `mediaUnread` until the receiver plays it, and its author
 * sees that, too. Pure.
 */
export function isPlayedMedia(media: tl.MessageMedia | undefined): boolean {
  return media?._ === 'messageMediaDocument' && (media.voice === true || media.round === true);
}
