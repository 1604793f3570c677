import { findDialogs } from '../dialogs/index.ts';
import type { BoxWriter } from '../events/index.ts';
import { findThreadViews, saveThreadMark, viewReadUpTo } from '../channel-state/index.ts';
import type { ThreadReader } from './access-thread.ts';

/** Somebody who reads a thread. */
export interface ThreadReading {
  userId: bigint;
  reader: ThreadReader;
  channelId: bigint;
  /** Marked id of the channel. */
  peerId: bigint;
  /** The message that started the thread. */
  topId: number;
  /** Everything in the thread up to this message is read. */
  maxId: number;
}

/** Moves the read mark that a member or commenter has in a thread. @returns the mark; undefined if it does not move, as for visitors, who have none */
export function doReadThread(deps: Pick<BoxWriter, 'writeBoxes'>, { userId, reader, channelId, peerId, topId, maxId }: ThreadReading): Promise<number | undefined> {
  if (reader === 'visitor') return Promise.resolve(undefined);
  return deps.writeBoxes('read-thread', [userId], async (tx) => {
    const [[dialog], views] = await Promise.all([findDialogs(tx.q, userId, [peerId]), findThreadViews(tx, userId, channelId, [topId])]);
    const view = views.get(topId);
    // What a member has read is forgotten when the member leaves, which may be now.
    const isGone = reader === 'member' && dialog?.channel_pts === undefined;
    if (isGone || view === undefined) return undefined;
    const upTo = Math.min(maxId, view.top_msg_id);
    if (upTo <= view.read_max_id) return undefined;
    const person = { channelId, topId, userId };
    await saveThreadMark(tx, person, await viewReadUpTo(tx, person, view, upTo));
    return upTo;
  });
}
