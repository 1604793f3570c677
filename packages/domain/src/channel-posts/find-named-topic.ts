import { rpcError } from '@aerogram/errors';

import { checkRight, findChannelMembers, findChannelRows, isForum, standingIn } from '../chats/index.ts';
import { hasFlag, MessageFlag } from '../events/index.ts';
import { findPosts, findTopics, topicOf } from '../channel-state/index.ts';
import type { ChannelViewer, PostReadDeps } from './access-posts.ts';

/**
 * Finds the topic of a forum that a call names by the id of the topic or of one of its messages. Members who have cleared the history may still name a topic, although
 * its first message is hidden from them.
 * @returns undefined if the channel is no forum, or the message was written while it was none
 * @throws RpcError 400 MSG_ID_INVALID for a topic that does not exist, CHANNEL_PRIVATE for somebody who may not read the forum
 */
export async function findNamedTopic({ db, clock }: PostReadDeps, { viewerId, channelId }: ChannelViewer, msgId: number): Promise<number | undefined> {
  const [row] = await findChannelRows(db, [channelId]);
  if (row === undefined || !isForum(row)) return undefined;
  const [[member], topics, posts] = await Promise.all([findChannelMembers(db, [{ id: channelId, userId: viewerId }]), findTopics(db, channelId, [msgId]), findPosts(db.q, channelId, [msgId])]);
  checkRight(standingIn(row, member, clock.now()), 'view_messages');
  const post = posts.get(msgId);
  // What was written while the group was no forum may have a thread of its own.
  if (!topics.has(msgId) && post !== undefined && !hasFlag(post, MessageFlag.inTopic)) return undefined;
  const topicId = topics.has(msgId) || post === undefined ? msgId : topicOf(post);
  const topic = topics.get(topicId) ?? (await findTopics(db, channelId, [topicId])).get(topicId);
  if (topic?.deleted !== false) throw rpcError('MSG_ID_INVALID');
  return topicId;
}
