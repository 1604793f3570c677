import type { tl } from '@aerogram/tl';

import { type ContentFilter, type Files, none } from './media-kind.ts';

/** All that is asked of a kind of service message. The peers that it names stand in `peers/content-peers.ts`. Pure. */
export interface ActionKind<A extends tl.MessageAction = tl.MessageAction> {
  /** The search filters that find it. */
  filters(action: A): readonly ContentFilter[];
  /** Undefined for kinds that never show a file. */
  readonly files: Files<A> | undefined;
}

/** A service message that only says something. */
export const SAID: ActionKind<never> = { filters: none, files: undefined };

/** For service messages of the schema that this server never writes. */
export const NOT_WRITTEN: ActionKind<never> & { readonly isNotBuilt: true } = { ...SAID, isNotBuilt: true };

/** The file of a photo, as a list. Pure. */
const photosOf = (photo: tl.Photo | undefined): tl.photo[] => (photo?._ === 'photo' ? [photo] : []);

type WithPhoto = tl.messageActionChatEditPhoto | tl.messageActionSuggestProfilePhoto;

/** The files of a service message about one photo. */
export const onePhoto = <A extends WithPhoto>(): Files<A> => ({
  list: ({ photo }) => photosOf(photo),
  fill: (action, fill) => (action.photo._ === 'photo' ? { ...action, photo: fill.photo(action.photo) } : action),
});

/** People and chats that somebody has chosen for a bot, with their photos. */
export const sharedPeers: Files<tl.messageActionRequestedPeerSentMe> = {
  list: ({ peers }) => peers.flatMap(({ photo }) => photosOf(photo)),
  fill: (action, fill) => ({ ...action, peers: action.peers.map((peer) => (peer.photo?._ === 'photo' ? { ...peer, photo: fill.photo(peer.photo) } : peer)) }),
};

/** The document of a wallpaper. */
export const wallpaperFile: Files<tl.messageActionSetChatWallPaper> = {
  list: ({ wallpaper }) => (wallpaper._ === 'wallPaper' && wallpaper.document._ === 'document' ? [wallpaper.document] : []),
  fill: (action, fill) => ({ ...action, wallpaper: fill.wallpaper(action.wallpaper) }),
};

/** The filters that find a call. */
export function filtersOfCall({ reason }: tl.messageActionPhoneCall): readonly ContentFilter[] {
  return reason?._ === 'phoneCallDiscardReasonMissed' ? ['call', 'missed_call'] : ['call'];
}
