import { rpcError } from '@aerogram/errors';

import { type ChannelSight, isSeen, mayDo, type Standing, standingIn, findChannelMembers, findChannelRows, findChannelView, checkRight, sightOf, withComments } from '../chats/index.ts';
import type { PostRow } from '../events/index.ts';
import { countUnreadReplies, findComments, findPosts, findRootId, findThreadViews, listRootIds, type ThreadView } from '../channel-state/index.ts';
import type { ChannelViewer, PostReadDeps } from './access-posts.ts';

/**
 * What kind of reader of a thread somebody is: a member of the group; a commenter, who is no member, but may read the channel whose post started the thread; or a
 * visitor, who reads it because the group is public, and has no marks there.
 */
export type ThreadReader = 'member' | 'visitor' | 'commenter';

/** A thread that somebody may read. */
export interface AccessedThread {
  reader: ThreadReader;
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
 * the thread is such a one; CHANNEL_INVALID, CHANNEL_PRIVATE for somebody who may read nothing of the group
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
  const named = found.get(msgId);
  if (row.kind === 'broadcast' || named === undefined || !isSeen(sight, named)) throw rpcError('MSG_ID_INVALID');
  const rootId = named.top_id ?? (await findRootId(db, named));
  const root = rootId === msgId ? named : (await findPosts(db.q, channelId, [rootId])).get(rootId);
  if (root === undefined || !isSeen(sight, root)) throw rpcError('MSG_ID_INVALID');
  const reader = threadReaderOf(standing, standing.comments !== undefined && (await findComments(db.q, row, new Map([[root.msg_id, root]]))).size > 0);
  if (reader === undefined) throw rpcError('MSG_ID_INVALID');
  const view = (await findThreadViews(db, viewerId, channelId, [root.msg_id])).get(root.msg_id);
  // The message that started the thread is shown, so nothing that came after it is hidden.
  return { reader, sight, root, view };
}

/** A thread for somebody who opens it. */
export interface OpenedThread {
  /** The message that started the thread; of a copied album all messages, the newest first. */
  roots: PostRow[];
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
  const roots = [...(await findPosts(deps.db.q, viewer.channelId, await listRootIds(deps.db, root))).values()].sort((a, b) => b.msg_id - a.msg_id);
  const head = await findChannelView(deps.db, viewer.viewerId, viewer.channelId);
  // Visitors have no marks.
  const unread = view === undefined || reader === 'visitor' ? undefined : await countUnreadReplies(deps.db, viewer.viewerId, viewer.channelId, [view]);
  return { roots, maxId: view?.top_msg_id ?? 0, readMaxId: view?.read_max_id ?? 0, readOutboxMaxId: reader === 'member' ? (head?.read_outbox_max_id ?? 0) : 0, unread: unread?.get(root.msg_id) ?? 0 };
}
