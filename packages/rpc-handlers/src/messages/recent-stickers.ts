import type { KeptListName } from '@aerogram/domain';

/** The list of recent stickers that a client means: the ones that were sent, or the ones that were put on photos and videos (`attached`). */
export function recentStickersOf(isAttached: boolean | undefined): KeptListName {
  return isAttached === true ? 'attachedStickers' : 'recentStickers';
}
