import { rpcError } from '@aerogram/errors';

import { mayDo } from '../chats/index.ts';
import type { HistoryAffected } from '../messages/index.ts';
import { type Acting, type ChannelChange, findTopics, GENERAL_TOPIC_ID, listTopicPostIds, updateTopic } from '../channel-state/index.ts';
import { checkForum } from './access-topic.ts';
import { TOPIC_SLICE, type TopicClearing } from './clear-topic.ts';

/** Creators may delete their own topics without the right to delete messages while these have at most so many messages, all of them theirs. */
const OWN_MAX = 11;

/**
 * Deletes a topic with a slice of its messages, the newest first. Nobody can write in it or open it from then on. Callers may repeat the call while `offset` is not 0;
 * what they leave is deleted by the job, see `createTopicClearing`.
 * @throws RpcError 400 CHANNEL_FORUM_MISSING, CHANNEL_PRIVATE, TOPIC_ID_INVALID for General and for topics that never were, 403 MESSAGE_DELETE_FORBIDDEN
 */
export async function deleteTopic(channel: ChannelChange, clearing: Pick<TopicClearing, 'order'>, { actorId }: Acting, topicId: number): Promise<HistoryAffected> {
  checkForum(channel);
  const { tx, row: { channel_id } } = channel;
  const topic = (await findTopics(tx, channel_id, [topicId])).get(topicId);
  if (topic === undefined || topicId === GENERAL_TOPIC_ID) throw rpcError('TOPIC_ID_INVALID');
  const found = await listTopicPostIds(tx.q, channel_id, topicId, TOPIC_SLICE + 1);
  const isOwn = topic.creator_id === actorId && found.length <= OWN_MAX && found.every((post) => post.poster_id === actorId);
  if (!isOwn || !mayDo(channel.standing, 'manage_topics')) channel.check('delete_messages');
  if (!topic.deleted) {
    await updateTopic(tx, topic, { deleted: true, pinned_order: 0 });
    channel.note({ kind: 'topic_delete', topic });
  }
  const hasMore = found.length > TOPIC_SLICE;
  // That the topic is deleted says enough in the log.
  const { removed, pts } = await channel.remove(found.slice(0, TOPIC_SLICE).map((post) => post.msg_id), false);
  // Nobody reads it from now on. A read that is under way when it is marked as deleted ends before the job, which is repeated with the last slice.
  if (!topic.deleted || (!hasMore && removed.length > 0)) await tx.job(clearing.order({ channelId: channel_id, topicId }));
  return { pts, ptsCount: removed.length, offset: hasMore ? 1 : 0 };
}
