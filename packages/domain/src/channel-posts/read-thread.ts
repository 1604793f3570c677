import { findDialogs } from '../dialogs/index.ts';
import type { BoxWriter } from '../events/index.ts';
import { findThreadViews, saveThreadMark, viewReadUpTo } from '../channel-state/index.ts';

/** A member who reads a thread. */
export interface ThreadReading {
  userId: bigint;
  channelId: bigint;
  /** Marked id of the channel. */
  peerId: bigint;
  /** The message that started the thread. */
  topId: number;
  /** Everything in the thread up to this message is read. */
  maxId: number;
}

/** Moves the read mark that a member has in a thread. @returns the mark; undefined if it does not move, as for people who are not members */
export function doReadThread(deps: Pick<BoxWriter, 'writeBoxes'>, { userId, channelId, peerId, topId, maxId }: ThreadReading): Promise<number | undefined> {
  return deps.writeBoxes('read-thread', [userId], async (tx) => {
    const [[dialog], views] = await Promise.all([findDialogs(tx.q, userId, [peerId]), findThreadViews(tx, userId, channelId, [topId])]);
    const view = views.get(topId);
    if (dialog?.channel_pts === undefined || view === undefined) return undefined;
    const upTo = Math.min(maxId, view.top_msg_id);
    if (upTo <= view.read_max_id) return undefined;
    const person = { channelId, topId, userId };
    await saveThreadMark(tx, person, await viewReadUpTo(tx, person, view, upTo));
    return upTo;
  });
}
