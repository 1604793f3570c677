import type { Tx } from '@aerogram/storage';

import { countDeletedOf, countUnreadPosts, findChannelView } from '../chats/index.ts';
import { findDialogs, saveChannelMark } from '../dialogs/index.ts';
import type { BoxWriter } from '../events/index.ts';
import { countReadPosts, insertChannelRead, keepMembers, listAuthorsBetween, saveHeadMarks } from '../channel-state/index.ts';

/** A member who reads a channel. */
export interface ChannelReading {
  userId: bigint;
  channelId: bigint;
  /** Marked. */
  peerId: bigint;
  /** Everything up to this message is read. */
  maxId: number;
}

/** What reading a channel has changed. */
export interface ChannelRead {
  maxId: number;
  unread: number;
  /** The channel's pts at which `unread` holds (rule P29). */
  pts: number;
  folderId: number;
  /** Other members of whose messages the first reader has now read some. */
  authorIds: bigint[];
}

/** Moves the read mark of a member. @returns undefined if it does not move, as for people who are not members */
export function doReadChannel(deps: Pick<BoxWriter, 'writeBoxes'>, reading: ChannelReading): Promise<ChannelRead | undefined> {
  const { userId, channelId, peerId } = reading;
  return deps.writeBoxes('read-channel', [userId], async (tx, _boxes, date) => {
    const [[dialog], view] = await Promise.all([findDialogs(tx.q, userId, [peerId]), findChannelView(tx, userId, channelId)]);
    if (dialog === undefined || view === undefined || dialog.channel_pts === undefined) return undefined;
    const maxId = Math.min(reading.maxId, view.top_msg_id);
    if (maxId <= dialog.read_inbox_max_id) return undefined;
    const { read_ordinal: before, own } = await countReadPosts(tx, channelId, userId, { before: dialog.read_inbox_max_id, after: maxId });
    const deleted = before === null ? 0 : await countDeletedOf(tx, channelId, userId, { after: dialog.read_ordinal, upTo: before });
    const mark =
      before === null
        ? { peer_id: peerId, read_ordinal: view.ordinal, own_at_read: view.own_posts }
        : { peer_id: peerId, read_ordinal: before, own_at_read: dialog.own_at_read + own + deleted };
    await saveChannelMark(tx, peerId, { userId, readMaxId: maxId, readOrdinal: mark.read_ordinal, ownAtRead: mark.own_at_read }, date);
    insertChannelRead(tx, { channelId, userId, maxId, date });
    const authorIds = await moveHead(tx, reading, maxId);
    const unread = await countUnreadPosts(tx.q, userId, [mark], new Map([[peerId, view]]));
    return { maxId, unread: unread.get(peerId) ?? 0, pts: view.pts, folderId: dialog.folder_id, authorIds };
  });
}

/** Moves the marks of the two members who have read most. @returns those who are to be told that their messages were read */
async function moveHead(tx: Tx, { userId, channelId }: ChannelReading, maxId: number): Promise<bigint[]> {
  const was = await saveHeadMarks(tx, channelId, userId, maxId);
  if (was === undefined) return [];
  const first = was.read_by === null ? [] : [was.read_by];
  if (maxId <= was.read_max_id) return keepMembers(tx, channelId, first);
  const authors = await listAuthorsBetween(tx, channelId, { after: was.read_max_id, upTo: maxId });
  const others = [...new Set([...authors, ...first])].filter((id) => id !== userId);
  return keepMembers(tx, channelId, others);
}
