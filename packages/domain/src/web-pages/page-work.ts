import type { tl } from '@aerogram/tl';

import type { Preview, PreviewStyle, WebPages } from './web-pages.ts';

/** The URL and display options of a link preview whose page has not been fetched yet; undefined for other media. Pure. */
export function findAwaited(media: tl.MessageMedia | undefined): { url: string; style: PreviewStyle } | undefined {
  if (media?._ !== 'messageMediaWebPage' || media.webpage._ !== 'webPagePending') return undefined;
  const { _, webpage, ...style } = media;
  return { url: webpage.url ?? '', style };
}

/** What becomes of a link preview when its message is sent: its page is looked up again. */
export const pageWork = {
  waits: ({ webpage }: tl.messageMediaWebPage): boolean => webpage._ === 'webPagePending',
  start(media: tl.messageMediaWebPage, { webPages, senderId }: { webPages: Pick<WebPages, 'findPreview'>; senderId: bigint }): Promise<Preview> {
    const { url, style } = findAwaited(media)!;
    return webPages.findPreview(senderId, url, style);
  },
};
