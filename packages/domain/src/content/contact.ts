import type { tl } from '@aerogram/tl';

import { always, asItIs, type MediaKind } from './media-kind.ts';

/** People's phone numbers and names. */
export const contact: MediaKind<tl.messageMediaContact> = {
  label: always('A contact'),
  right: always('send_plain'),
  filters: always(['contact']),
  words: ({ first_name, last_name }) => [first_name, last_name],
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
