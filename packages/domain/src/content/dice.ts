import type { tl } from '@aerogram/tl';

import { always, asItIs, type MediaKind, none } from './media-kind.ts';

/** Dice, whose value is drawn when they are sent. */
export const dice: MediaKind<tl.messageMediaDice> = {
  label: ({ emoticon }) => emoticon,
  right: always('send_stickers'),
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
