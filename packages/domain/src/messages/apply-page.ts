import type { Clock } from '@aerogram/runtime';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type MessageRow, packMessageExtra, unpackMessageExtra } from '../events/index.ts';
import { changeMessageFiles } from '../documents/index.ts';
import type { PageReader } from '../web-pages/index.ts';
import { findCopies } from './find-messages.ts';
import { updateMessages } from './message-store.ts';
import { type DialogDeps, writeDialog } from './places.ts';

/** No message waits longer for its page, in seconds. */
const WAIT_MAX_S = 86_400;

/**
 * Puts a fetched page into all copies of the message that shows it, but into none elsewhere, and sends `updateWebPage` to every owner of such a copy. An owner who
 * deleted the message gets no update. Without a message (a client asked for a preview only) the reader always gets the update.
 * @param end runs in the same transaction
 */
export function applyPage(
  deps: DialogDeps & { clock: Clock },
  { ownerId, message }: PageReader,
  page: tl.webPage | tl.webPageEmpty,
  end: (tx: Tx) => Promise<void>,
): Promise<void> {
  // A preview that is only looked at belongs to no dialog. Saved Messages stands in, because it has only the reader's place.
  return writeDialog(deps, { name: 'apply-web-page', nameInGroup: 'apply-group-web-page', sentSince: deps.clock.now() - WAIT_MAX_S, elsewhere: 'left out' }, { ownerId, peerId: message?.peerId ?? ownerId }, async ({ tx, boxes, date, places }) => {
    const copies = message ? await findCopies(tx.q, places.map((place) => place.ownerId), [message.globalId]) : [];
    const changed = copies.flatMap((before) => {
      const after = showPage(before, page);
      return after === undefined ? [] : [{ before, after }];
    });
    const shown = changed.map(({ after }) => after);
    if (shown.length > 0) await updateMessages(tx, shown);
    await changeMessageFiles({ tx, boxes }, changed);
    for (const owner of message ? shown.map((row) => row.owner_id) : [ownerId]) {
      boxes.addUpdate(owner, { ptsCount: 1, date, origin: undefined }, (pts) => ({ _: 'updateWebPage', webpage: page, pts, pts_count: 1 }));
    }
    await end(tx);
  });
}

/** The message with the page in place, or undefined when it does not wait for this page. An empty page removes the preview. */
export function showPage<R extends MessageRow>(row: R, page: tl.webPage | tl.webPageEmpty): R | undefined {
  const extra = unpackMessageExtra(row.extra);
  const { media } = extra;
  if (media?._ !== 'messageMediaWebPage' || media.webpage._ !== 'webPagePending' || media.webpage.id !== page.id) return undefined;
  const shown = page._ === 'webPage' ? { ...media, webpage: page } : undefined;
  return { ...row, extra: packMessageExtra({ ...extra, media: shown }) };
}
