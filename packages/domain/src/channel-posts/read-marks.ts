import type { Tx } from '@aerogram/storage';

import { type ChannelView, countDeletedOf, countUnreadPosts, findChannelView } from '../chats/index.ts';
import { type DialogRow, findDialogs, saveChannelMark, touchChannelMark } from '../dialogs/index.ts';
import type { BoxWriter } from '../events/index.ts';
import { countReadPosts, findFirstUnread, insertChannelRead, keepMembers, listAuthorsBetween, type ReadAuthor, readTopicUpTo, saveHeadMarks, settleTopicMarks } from '../channel-state/index.ts';
import { moveThreadHead, type ThreadReadDeps } from './read-thread.ts';

/** A member who reads a channel. */
export interface ChannelReading {
  userId: bigint;
  channelId: bigint;
  /** Marked. */
  peerId: bigint;
  /** Everything up to this message is read. */
  maxId: number;
}

/** A member who reads a topic of a forum. */
export interface TopicReading extends ChannelReading {
  topId: number;
}

/** What reading a channel has changed. */
export interface ChannelRead {
  maxId: number;
  unread: number;
  /** The channel's pts at which `unread` holds (rule P29, read pts). */
  pts: number;
  folderId: number;
  /** Other members of whose messages the first reader has now read some, and in a forum in which topics. */
  authors: readonly ReadAuthor[];
  /** Topics of a forum with messages that are read now. */
  topicIds: readonly number[];
}

/** What reading a topic has changed. */
export interface TopicRead {
  /** Everything in the topic up to this message is read. */
  maxId: number;
  /** Other members of whose messages in the topic the first reader has now read some. */
  authorIds: bigint[];
  /** The channel, whose unread count changes with that of the topic. */
  channel: ChannelRead;
}

/** The dialog of a reader, the head of the channel, and when it is read. */
interface Reader {
  date: number;
  dialog: DialogRow;
  view: ChannelView;
}

/** Moves the read mark of a member, which reads the topics of a forum up to there, too. @returns undefined if it does not move, as for people who are not members */
export function doReadChannel(deps: Pick<BoxWriter, 'writeBoxes'>, reading: ChannelReading): Promise<ChannelRead | undefined> {
  return deps.writeBoxes('read-channel', [reading.userId], async (tx, _boxes, date) => {
    const reader = await findReader(tx, reading, date);
    if (reader === undefined) return undefined;
    const maxId = Math.min(reading.maxId, reader.view.top_msg_id);
    if (maxId <= reader.dialog.read_inbox_max_id) return undefined;
    const moved = await moveMark(tx, reading, reader, maxId);
    return { ...moved, authors: await noteReader(tx, { ...reading, maxId }, date) };
  });
}

/**
 * Moves the read mark that a member has in a topic. The read mark of the channel follows up to the first message that is unread in any topic.
 * @returns undefined if the mark does not move, as for people who are not members
 */
export async function doReadTopic(deps: ThreadReadDeps, reading: TopicReading): Promise<TopicRead | undefined> {
  const { userId, channelId, peerId, topId } = reading;
  const person = { userId, channelId, topId };
  const read = await deps.writeBoxes('read-topic', [userId], async (tx, _boxes, date) => {
    const reader = await findReader(tx, reading, date);
    if (reader === undefined) return undefined;
    const { dialog, view } = reader;
    const maxId = Math.min(reading.maxId, view.top_msg_id);
    if (!(await readTopicUpTo(tx, person, maxId, dialog.read_inbox_max_id))) return undefined;
    const unreadId = await findFirstUnread(tx, userId, channelId, dialog.read_inbox_max_id);
    const channelMax = unreadId === undefined ? view.top_msg_id : unreadId - 1;
    if (channelMax > dialog.read_inbox_max_id) return { maxId, date, isMoved: true, channel: await moveMark(tx, reading, reader, channelMax) };
    await touchChannelMark(tx, userId, peerId, date);
    const unread = await countUnreadPosts(tx.q, userId, [dialog], new Map([[peerId, view]]));
    const channel = { maxId: dialog.read_inbox_max_id, unread: unread.get(peerId) ?? 0, pts: view.pts, folderId: dialog.folder_id };
    return { maxId, date, isMoved: false, channel };
  });
  if (read === undefined) return undefined;
  const { maxId, channel } = read;
  return deps.db.transact('note-topic-reader', async (tx) => {
    const authorIds = await moveThreadHead(tx, person, maxId);
    const authors = read.isMoved ? await noteReader(tx, { ...reading, maxId: channel.maxId }, read.date) : [];
    // `topicIds` is empty: where the mark of the channel moves on, the topics were read that far before.
    return { maxId, authorIds, channel: { ...channel, authors, topicIds: [] } };
  });
}

async function findReader(tx: Tx, { userId, channelId, peerId }: ChannelReading, date: number): Promise<Reader | undefined> {
  const [[dialog], view] = await Promise.all([findDialogs(tx.q, userId, [peerId]), findChannelView(tx, userId, channelId)]);
  return dialog?.channel_pts === undefined || view === undefined ? undefined : { dialog, view, date };
}

/** Moves the read mark that a member has in a channel forward. */
async function moveMark(tx: Tx, { userId, channelId, peerId }: ChannelReading, { dialog, view, date }: Reader, maxId: number): Promise<Omit<ChannelRead, 'authors'>> {
  const { read_ordinal: before, own } = await countReadPosts(tx, channelId, userId, { before: dialog.read_inbox_max_id, after: maxId });
  const deleted = before === null ? 0 : await countDeletedOf(tx, channelId, userId, { after: dialog.read_ordinal, upTo: before });
  const mark =
    before === null
      ? { peer_id: peerId, read_ordinal: view.ordinal, own_at_read: view.own_posts }
      : { peer_id: peerId, read_ordinal: before, own_at_read: dialog.own_at_read + own + deleted };
  await saveChannelMark(tx, peerId, { userId, readMaxId: maxId, readOrdinal: mark.read_ordinal, ownAtRead: mark.own_at_read }, date);
  const topicIds = await settleTopicMarks(tx, { userId, channelId, before: dialog.read_inbox_max_id, after: maxId, wroteBetween: mark.own_at_read > dialog.own_at_read });
  const unread = await countUnreadPosts(tx.q, userId, [mark], new Map([[peerId, view]]));
  return { maxId, unread: unread.get(peerId) ?? 0, pts: view.pts, folderId: dialog.folder_id, topicIds };
}

/** Notes in the channel how far a member has read, if others are shown that. @returns those who are to be told that their messages were read */
async function noteReader(tx: Tx, { userId, channelId, maxId }: ChannelReading, date: number): Promise<ReadAuthor[]> {
  insertChannelRead(tx, { channelId, userId, maxId, date });
  const was = await saveHeadMarks(tx, channelId, userId, maxId);
  if (was === undefined) return [];
  const first = was.read_by === null ? [] : [{ poster_id: was.read_by, topic_id: null }];
  const authors = maxId <= was.read_max_id ? [] : await listAuthorsBetween(tx, channelId, { after: was.read_max_id, upTo: maxId });
  const others = [...authors, ...first].filter(({ poster_id: id }) => id !== userId);
  const members = new Set(await keepMembers(tx, channelId, [...new Set(others.map(({ poster_id: id }) => id))]));
  return others.filter(({ poster_id: id }) => members.has(id));
}
