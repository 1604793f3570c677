import { rpcError } from '@aerogram/errors';

import { isForum, mayDo } from '../chats/index.ts';
import { type ChannelChange, findTopics, type TopicRow } from '../channel-state/index.ts';

/** Checks that the actor sees the channel, and that it has topics. @throws RpcError 400 CHANNEL_PRIVATE, CHANNEL_FORUM_MISSING */
export function checkForum(channel: ChannelChange): void {
  channel.check('view_messages');
  if (!isForum(channel.row)) throw rpcError('CHANNEL_FORUM_MISSING');
}

/** Finds a topic that exists. @throws RpcError 400 TOPIC_DELETED, TOPIC_ID_INVALID, and as {@link checkForum} */
export async function accessTopic(channel: ChannelChange, topicId: number): Promise<TopicRow> {
  checkForum(channel);
  const topic = (await findTopics(channel.tx, channel.row.channel_id, [topicId])).get(topicId);
  if (topic === undefined) throw rpcError('TOPIC_ID_INVALID');
  if (topic.deleted) throw rpcError('TOPIC_DELETED');
  return topic;
}

/** Checks that the actor may change a topic: their own while they may create topics, those of others with the right of an admin. @throws RpcError 400 CHAT_ADMIN_REQUIRED */
export function checkMayManage(channel: ChannelChange, topic: TopicRow, actorId: bigint): void {
  const isOwn = topic.creator_id === actorId && mayDo(channel.standing, 'manage_topics');
  if (!isOwn) channel.check('manage_topics_of_all');
}
