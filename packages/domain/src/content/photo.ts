import type { tl } from '@aerogram/tl';

import { always, asItIs, type MediaKind, none } from './media-kind.ts';

/** Photos. */
export const photo: MediaKind<tl.messageMediaPhoto> = {
  label: always('A photo'),
  right: always('send_photos'),
  filters: always(['photo']),
  words: none,
  text: 'caption',
  album: always('visual'),
  files: {
    list: ({ photo }) => (photo?._ === 'photo' ? [photo] : []),
    fill: (media, fill) => (media.photo?._ === 'photo' ? { ...media, photo: fill.photo(media.photo) } : media),
  },
  inside: undefined,
  lifetime: {
    seconds: (media) => media.ttl_seconds,
    isGone: (media) => media.photo === undefined,
    ended: ({ ttl_seconds }) => ({ _: 'messageMediaPhoto', ttl_seconds }),
  },
  isPlayed: always(false),
  forwarded: asItIs,
  elsewhere: always(undefined),
  broadcastError: always(undefined),
};
