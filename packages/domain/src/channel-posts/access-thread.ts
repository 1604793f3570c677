import { rpcError } from '@aerogram/errors';

import { type ChannelSight, isSeen, type Standing, standingIn, findChannelMembers, findChannelRows, findChannelView, checkRight, sightOf } from '../chats/index.ts';
import type { PostRow } from '../events/index.ts';
import { countUnreadReplies, findPosts, findRootId, findThreadViews, listRootIds, type ThreadView } from '../channel-state/index.ts';
import type { ChannelViewer, PostReadDeps } from './access-posts.ts';

/** What kind of reader somebody is: a member of the group, or somebody else who may read a public group and has no marks there. */
export type ThreadReader = 'member' | 'visitor';

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
  const named = found.get(msgId);
  if (row.kind === 'broadcast' || named === undefined || !isSeen(sight, named)) throw rpcError('MSG_ID_INVALID');
  const rootId = named.top_id ?? (await findRootId(db, named));
  const root = rootId === msgId ? named : (await findPosts(db.q, channelId, [rootId])).get(rootId);
  if (root === undefined || !isSeen(sight, root)) throw rpcError('MSG_ID_INVALID');
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
  // Only members have marks.
  const unread = view === undefined || reader !== 'member' ? undefined : await countUnreadReplies(deps.db, viewer.viewerId, viewer.channelId, [view]);
  return { roots, maxId: view?.top_msg_id ?? 0, readMaxId: view?.read_max_id ?? 0, readOutboxMaxId: reader === 'member' ? (head?.read_outbox_max_id ?? 0) : 0, unread: unread?.get(root.msg_id) ?? 0 };
}
