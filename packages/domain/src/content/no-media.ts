import type { tl } from '@aerogram/tl';

import { always, asItIs, type MediaKind, none } from './media-kind.ts';

/** How notices name a message of which nothing else can be said. */
const WITHOUT_TEXT = 'A message without text';

const NOTHING: MediaKind<never> = {
  label: always(WITHOUT_TEXT),
  right: always('send_plain'),
  filters: none,
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

/** Media that are none: the message is a text. */
export const empty: MediaKind<tl.messageMediaEmpty> = { ...NOTHING, text: 'text', elsewhere: asItIs };

/** For media of the schema that this server cannot make, so that no message has them. */
export const NOT_BUILT: MediaKind<never> & { readonly isNotBuilt: true } = { ...NOTHING, isNotBuilt: true };
