import type { tl } from '@aerogram/tl';

import { always, type MediaKind, none } from './media-kind.ts';

/** Checklists. */
export const toDo: MediaKind<tl.messageMediaToDo> = {
  label: always('A checklist'),
  right: always('send_polls'),
  filters: none,
  words: ({ todo }) => [todo.title, ...todo.list.map(({ title }) => title)].map(({ text }) => text),
  text: 'none',
  album: always(undefined),
  files: undefined,
  inside: undefined,
  lifetime: undefined,
  isPlayed: always(false),
  // Nobody in another chat learns who has done what.
  forwarded: (media) => ({ ...media, completions: undefined }),
  elsewhere: always(undefined),
  // Nobody can tick a forward, so it may stand anywhere.
  broadcastError: (_, isForward) => (isForward ? undefined : 'MEDIA_INVALID'),
};
