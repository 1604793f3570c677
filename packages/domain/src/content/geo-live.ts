import type { tl } from '@aerogram/tl';

import { always, type MediaKind, none } from './media-kind.ts';

/** Live locations: where their author is now. */
export const geoLive: MediaKind<tl.messageMediaGeoLive> = {
  label: always('A live location'),
  right: always('send_plain'),
  filters: always(['geo', 'live_geo']),
  words: none,
  text: 'none',
  album: always(undefined),
  files: undefined,
  inside: undefined,
  lifetime: undefined,
  isPlayed: always(false),
  // Only the original message follows its owner.
  forwarded: ({ geo }) => ({ _: 'messageMediaGeo', geo }),
  elsewhere: always(undefined),
  broadcastError: always(undefined),
};
