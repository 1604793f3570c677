import { rpcError } from '@aerogram/errors';

import { type ChannelSight, isForum, isSeen, type Standing, standingIn, findChannelMembers, findChannelRows, findChannelView, checkRight, sightOf } from '../chats/index.ts';
import type { PostRow } from '../events/index.ts';
import { beginsTopic, countUnreadReplies, findPosts, findThreadViews, GENERAL_TOPIC_ID, type ThreadView } from '../channel-state/index.ts';
import type { ChannelViewer, PostReadDeps } from './access-posts.ts';

/** What kind of reader somebody is: a member of the group, or somebody else who may read a public group and has no marks there. */
export type ThreadReader = 'member' | 'visitor';

/** A thread that somebody may read. */
export interface AccessedThread {
  reader: ThreadReader;
  /** Whether the group is a forum: then the thread is a topic, or one from a time in which the group was none. */
  inForum: boolean;
  /** What the viewer sees of the group. */
  sight: ChannelSight;
  /** The message that started the thread. */
  root: PostRow;
  /** The replies; undefined if there are none. */
  view: ThreadView | undefined;
}

/**
 * Decides what kind of reader of a group somebody is. Every method that shows something of a thread asks this function.
 * @throws RpcError 400 CHANNEL_PRIVATE, and the errors of the right to read the group
 */
export function threadReaderOf(standing: Standing): ThreadReader {
  checkRight(standing, 'view_messages');
  return standing.status === 'member' ? 'member' : 'visitor';
}

/**
 * Finds the thread of a supergroup to which a message belongs: the one that it started, or the one in which it is a reply.
 * @throws RpcError 400 MSG_ID_INVALID for a message that does not exist, is hidden from the viewer or is a post of a broadcast channel, or if the message that started
 * the thread is such a one; CHANNEL_INVALID, and as {@link threadReaderOf}
 */
export async function accessThread({ db, clock }: PostReadDeps, { viewerId, channelId }: ChannelViewer, msgId: number): Promise<AccessedThread> {
  const [[row], [member], found] = await Promise.all([
    findChannelRows(db, [channelId]),
    findChannelMembers(db, [{ id: channelId, userId: viewerId }]),
    findPosts(db.q, channelId, [msgId]),
  ]);
  if (row === undefined) throw rpcError('CHANNEL_INVALID');
  const reader = threadReaderOf(standingIn(row, member, clock.now()));
  const sight = sightOf(row, member);
  const inForum = isForum(row);
  // Somebody who has cleared the history still opens all topics.
  const isShown = (post: PostRow): boolean => isSeen(sight, post) || (inForum && (beginsTopic(post) || post.msg_id === GENERAL_TOPIC_ID));
  const named = found.get(msgId);
  if (row.kind === 'broadcast' || named === undefined || !isShown(named)) throw rpcError('MSG_ID_INVALID');
  const root = named.top_id === null ? named : (await findPosts(db.q, channelId, [named.top_id])).get(named.top_id);
  if (root === undefined || !isShown(root)) throw rpcError('MSG_ID_INVALID');
  const view = (await findThreadViews(db, viewerId, channelId, [root.msg_id])).get(root.msg_id);
  // If the message that started a reply thread is shown, nothing that came after it is hidden.
  return { reader, inForum, sight, root, view };
}

/** A thread for somebody who opens it. */
export interface OpenedThread {
  root: PostRow;
  /** The newest reply; 0: there is none. */
  maxId: number;
  /** Up to which reply the viewer has read; 0 for somebody who has never marked the thread as read. */
  readMaxId: number;
  /** Up to which message others have read the group. */
  readOutboxMaxId: number;
  /** How many replies the viewer has not read. */
  unread: number;
}

/** Finds what a viewer sees who opens a thread. Throws as {@link accessThread}. */
export async function openThread(deps: PostReadDeps, viewer: ChannelViewer, msgId: number): Promise<OpenedThread> {
  const { reader, root, view } = await accessThread(deps, viewer, msgId);
  const head = await findChannelView(deps.db, viewer.viewerId, viewer.channelId);
  // Only members have marks.
  const unread = view === undefined || reader !== 'member' ? undefined : await countUnreadReplies(deps.db, viewer.viewerId, viewer.channelId, [view]);
  return { root, maxId: view?.top_msg_id ?? 0, readMaxId: view?.read_max_id ?? 0, readOutboxMaxId: reader === 'member' ? (head?.read_outbox_max_id ?? 0) : 0, unread: unread?.get(root.msg_id) ?? 0 };
}
