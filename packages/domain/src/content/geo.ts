import type { tl } from '@aerogram/tl';

import { always, asItIs, type MediaKind, none } from './media-kind.ts';

/** Places on the map. */
export const geo: MediaKind<tl.messageMediaGeo> = {
  label: always('A location'),
  right: always('send_plain'),
  filters: always(['geo']),
  words: none,
  text: 'none',
  album: always(undefined),
  files: undefined,
  inside: undefined,
  lifetime: undefined,
  isPlayed: always(false),
  forwarded: asItIs,
  elsewhere: always(undefined),
  broadcastError: always(undefined),
};
