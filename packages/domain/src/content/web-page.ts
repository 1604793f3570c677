import type { tl } from '@aerogram/tl';

import { always, asItIs, type MediaKind, none } from './media-kind.ts';

/** What goes to another data centre of a page: its address, by which that data centre fetches it itself. */
function addressOf(page: tl.WebPage): tl.webPageEmpty {
  return { _: 'webPageEmpty', id: 0n, url: page._ === 'webPageNotModified' ? undefined : page.url };
}

/** Link previews. They belong to a text, so such a message counts as a text. */
export const webPage: MediaKind<tl.messageMediaWebPage> = {
  label: always('A link'),
  right: always('send_plain'),
  filters: always(['url']),
  words: none,
  text: 'text',
  album: always(undefined),
  files: {
    list: ({ webpage }) => (webpage._ === 'webPage' && webpage.photo?._ === 'photo' ? [webpage.photo] : []),
    fill(media, fill) {
      const { webpage } = media;
      return { ...media, webpage: webpage._ === 'webPage' && webpage.photo?._ === 'photo' ? { ...webpage, photo: fill.photo(webpage.photo) } : webpage };
    },
  },
  inside: undefined,
  lifetime: undefined,
  isPlayed: always(false),
  forwarded: asItIs,
  elsewhere: (media) => ({ ...media, webpage: addressOf(media.webpage) }),
  broadcastError: always(undefined),
};
