import type { tl } from '@aerogram/tl';

import { always, asItIs, type MediaKind } from './media-kind.ts';

/** Places with a name and an address. */
export const venue: MediaKind<tl.messageMediaVenue> = {
  label: always('A place'),
  right: always('send_plain'),
  filters: always(['geo']),
  words: ({ title, address }) => [title, address],
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
