import { rpcError } from '@aerogram/errors';

import { checkRight, findChannelMembers, findChannelRows, isForum, standingIn } from '../chats/index.ts';
import { findTopics, type ThreadPart } from '../channel-state/index.ts';
import type { ChannelViewer, PostReadDeps } from './access-posts.ts';
import { accessThread } from './access-thread.ts';

/**
 * Finds the part of a supergroup that a request names: in a forum a topic, elsewhere a thread of replies.
 * @param topId the topic, or the message that started the thread, or a reply in it
 * @throws RpcError 400 MSG_ID_INVALID for a topic that does not exist any more or never did, CHANNEL_INVALID, CHANNEL_PRIVATE, and as {@link accessThread}
 */
export async function accessPart(deps: PostReadDeps, viewer: ChannelViewer, topId: number): Promise<ThreadPart> {
  const { viewerId, channelId } = viewer;
  const [[row], [member], topics] = await Promise.all([
    findChannelRows(deps.db, [channelId]),
    findChannelMembers(deps.db, [{ id: channelId, userId: viewerId }]),
    findTopics(deps.db, channelId, [topId]),
  ]);
  if (row === undefined) throw rpcError('CHANNEL_INVALID');
  if (!isForum(row)) return { topId: (await accessThread(deps, viewer, topId)).root.msg_id, isTopic: false };
  checkRight(standingIn(row, member, deps.clock.now()), 'view_messages');
  if (topics.get(topId)?.deleted !== false) throw rpcError('MSG_ID_INVALID');
  return { topId, isTopic: true };
}
