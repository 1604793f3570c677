import { rpcError } from '@aerogram/errors';

import { type ChannelSight, isForum, isSeen, mayDo, type Standing, standingIn, findChannelMembers, findChannelRows, findChannelView, checkRight, sightOf, withComments } from '../chats/index.ts';
import type { PostRow } from '../events/index.ts';
import { beginsTopic, copiedPostOf, countUnreadReplies, findComments, findPosts, findRootId, findThreadViews, findTopics, GENERAL_TOPIC_ID, listRootIds, listTopics, type ThreadView } from '../channel-state/index.ts';
import type { ChannelViewer, PostReadDeps } from './access-posts.ts';

/**
 * What kind of reader of a thread somebody is: a member of the group; a commenter, who is no member, but may read the channel whose post started the thread; or a
 * visitor, who reads it because the group is public, and has no marks there.
 */
export type ThreadReader = 'member' | 'visitor' | 'commenter';

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
 * Decides what kind of reader of a thread somebody is. Every method that shows something of a thread asks this function. Pure.
 * @param standing in the group, with what follows from reading the linked channel
 * @param isOfPost whether the thread is that of a post of the linked channel; see {@link findComments}
 * @returns undefined for somebody who may not read it
 */
export function threadReaderOf(standing: Standing, isOfPost: boolean): ThreadReader | undefined {
  if (standing.comments !== undefined && isOfPost) return 'commenter';
  if (!mayDo(standing, 'view_messages')) return undefined;
  return standing.status === 'member' ? 'member' : 'visitor';
}

/**
 * Finds the thread of a supergroup to which a message belongs: the one that it started, or the one in which it is a reply.
 * @throws RpcError 400 MSG_ID_INVALID for a message that does not exist, is hidden from the viewer or is a post of a broadcast channel, or if the message that started
 * the thread is such a one, or for a topic that is being deleted; CHANNEL_INVALID, CHANNEL_PRIVATE for somebody who may read nothing of the group
 */
export async function accessThread({ db, clock, findReadId }: PostReadDeps, { viewerId, channelId }: ChannelViewer, msgId: number): Promise<AccessedThread> {
  const [[row], [member], readId, found] = await Promise.all([
    findChannelRows(db, [channelId]),
    findChannelMembers(db, [{ id: channelId, userId: viewerId }]),
    findReadId(viewerId, channelId),
    findPosts(db.q, channelId, [msgId]),
  ]);
  if (row === undefined) throw rpcError('CHANNEL_INVALID');
  const standing = withComments(standingIn(row, member, clock.now()), row, readId);
  if (standing.comments === undefined) checkRight(standing, 'view_messages');
  const sight = sightOf(row, member);
  const inForum = isForum(row);
  const uncleared = sightOf(row, member && { ...member, cleared_max_id: 0 });
  // Somebody who has cleared the history still opens all topics and the comments on all posts.
  const isTopic = (post: PostRow): boolean => inForum && (beginsTopic(post) || post.msg_id === GENERAL_TOPIC_ID);
  const isCopy = (post: PostRow): boolean => row.linked_chat_id !== null && copiedPostOf(post)?.channelId === row.linked_chat_id;
  const isShown = (post: PostRow): boolean => isSeen(sight, post) || isTopic(post) || (isSeen(uncleared, post) && isCopy(post));
  const named = found.get(msgId);
  if (row.kind === 'broadcast' || named === undefined || !isShown(named)) throw rpcError('MSG_ID_INVALID');
  const rootId = named.top_id ?? (await findRootId(db, named));
  const root = rootId === msgId ? named : (await findPosts(db.q, channelId, [rootId])).get(rootId);
  if (root === undefined || !isShown(root)) throw rpcError('MSG_ID_INVALID');
  // Messages of a deleted topic may still be there, because they are deleted in slices.
  if (beginsTopic(root) && (await findTopics(db, channelId, [root.msg_id])).get(root.msg_id)?.deleted === true) throw rpcError('MSG_ID_INVALID');
  const reader = threadReaderOf(standing, standing.comments !== undefined && (await findComments(db.q, row, new Map([[root.msg_id, root]]))).size > 0);
  if (reader === undefined) throw rpcError('MSG_ID_INVALID');
  const view = (await findThreadViews(db, viewerId, channelId, [root.msg_id])).get(root.msg_id);
  // If the message that started a thread of replies is shown, nothing that came after it is hidden, unless it is a copy of a post.
  return { reader, inForum, sight, root, view };
}

/** A thread for somebody who opens it. */
export interface OpenedThread {
  /** The message that started the thread; of a copied album all messages, the newest first. */
  roots: PostRow[];
  /** The newest reply; 0: there is none. */
  maxId: number;
  /** Up to which reply the viewer has read; 0 for somebody who has never marked the thread as read. */
  readMaxId: number;
  /** Up to which message others have read the thread or the group. */
  readOutboxMaxId: number;
  /** How many replies the viewer has not read. */
  unread: number;
}

/** Finds what a viewer sees who opens a thread. Throws as {@link accessThread}. */
export async function openThread(deps: PostReadDeps, viewer: ChannelViewer, msgId: number): Promise<OpenedThread> {
  const { reader, inForum, root, view } = await accessThread(deps, viewer, msgId);
  const { viewerId, channelId } = viewer;
  const found = await findPosts(deps.db.q, channelId, await listRootIds(deps.db, root));
  const roots = [...found.values()].sort((a, b) => b.msg_id - a.msg_id);
  const head = await findChannelView(deps.db, viewerId, channelId);
  const outbox = reader === 'member' ? (head?.read_outbox_max_id ?? 0) : 0;
  const [topic] = inForum ? await listTopics(deps.db, { channelId, viewerId, topicIds: [root.msg_id], limit: 1 }) : [];
  if (topic !== undefined) return { roots, maxId: topic.top_msg_id, readMaxId: topic.read_max_id, readOutboxMaxId: reader === 'member' ? Math.max(outbox, topic.read_outbox_max_id) : 0, unread: topic.unread };
  // People who are not in the group have no read marks.
  if (view === undefined || reader === 'visitor') return { roots, maxId: view?.top_msg_id ?? 0, readMaxId: 0, readOutboxMaxId: outbox, unread: 0 };
  const unread = await countUnreadReplies(deps.db, viewerId, channelId, [view]);
  return { roots, maxId: view.top_msg_id, readMaxId: view.read_max_id, readOutboxMaxId: Math.max(outbox, view.read_outbox_max_id), unread: unread.get(root.msg_id) ?? 0 };
}
