import type { tl } from '@aerogram/tl';

/** What stored names of tabs may be. */
const PROFILE_TABS: readonly tl.ProfileTab['_'][] = [
  'profileTabPosts', 'profileTabGifts', 'profileTabMedia', 'profileTabFiles', 'profileTabMusic', 'profileTabVoice', 'profileTabLinks', 'profileTabGifs',
];

/** The tab with which a profile page opens; undefined if none has been chosen. Pure. */
export function projectMainTab(name: string | null): tl.ProfileTab | undefined {
  const tab = PROFILE_TABS.find((known) => known === name);
  return tab && { _: tab };
}

/** A colour of the palettes; undefined if none has been chosen. Pure. */
export function projectColor(color: number | null): tl.peerColor | undefined {
  return color === null ? undefined : { _: 'peerColor', color };
}
