import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type BoxWriter, type MessageRow, packMessageExtra, unpackMessageExtra } from '../events/index.ts';
import { boxesOfDialog } from '../peers/index.ts';
import type { PageReader } from '../web-pages/index.ts';
import { findCopy } from './find-messages.ts';
import { updateMessage } from './message-store.ts';

/**
 * Puts a fetched page into all copies of the message that shows it, and sends `updateWebPage` to every owner of such a copy. An owner who
 * deleted the message gets no update. Without a message (a client asked for a preview only) the reader always gets the update.
 * @param end runs in the same transaction
 */
export function applyPage(
  deps: Pick<BoxWriter, 'writeBoxes'>,
  { ownerId, message }: PageReader,
  page: tl.webPage | tl.webPageEmpty,
  end: (tx: Tx) => Promise<void>,
): Promise<void> {
  const owners = message ? boxesOfDialog(ownerId, message.peerId) : [ownerId];
  return deps.writeBoxes('apply-web-page', owners, async (tx, boxes, date) => {
    for (const owner of owners) {
      const row = message && (await findCopy(tx.q, owner, message.globalId));
      const shown = row && showPage(row, page);
      if (message !== undefined && shown === undefined) continue;
      if (shown) await updateMessage(tx, shown);
      boxes.addUpdate(owner, { ptsCount: 1, date, origin: undefined }, (pts) => ({ _: 'updateWebPage', webpage: page, pts, pts_count: 1 }));
    }
    await end(tx);
  });
}

/** The message with the page in place, or undefined when it does not wait for this page. An empty page removes the preview. */
function showPage(row: MessageRow, page: tl.webPage | tl.webPageEmpty): MessageRow | undefined {
  const extra = unpackMessageExtra(row.extra);
  const { media } = extra;
  if (media?._ !== 'messageMediaWebPage' || media.webpage._ !== 'webPagePending' || media.webpage.id !== page.id) return undefined;
  const shown = page._ === 'webPage' ? { ...media, webpage: page } : undefined;
  return { ...row, extra: packMessageExtra({ ...extra, media: shown }) };
}
