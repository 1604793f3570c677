import { rpcError } from '@aerogram/errors';

import { mayDo } from '../chats/index.ts';
import type { HistoryAffected } from '../messages/index.ts';
import { type Acting, type ChannelChange, dropTopicRowsJob, findTopics, GENERAL_TOPIC_ID, listTopicPostIds, updateTopic } from '../channel-state/index.ts';
import { checkForum } from './access-topic.ts';

/** Maximum number of messages deleted at once, and named by one update. */
const SLICE = 500;
/** Creators may delete their own topics without the right to delete messages while these have at most so many messages, all of them theirs. */
const OWN_MAX = 11;

/**
 * Deletes a topic with a slice of its messages, the newest first. Nobody can write in it from then on. Callers repeat the call while `offset` is not 0.
 * @throws RpcError 400 CHANNEL_FORUM_MISSING, CHANNEL_PRIVATE, TOPIC_ID_INVALID for General and for topics that never were, 403 MESSAGE_DELETE_FORBIDDEN
 */
export async function deleteTopic(channel: ChannelChange, { actorId }: Acting, topicId: number): Promise<HistoryAffected> {
  checkForum(channel);
  const { tx, row: { channel_id } } = channel;
  const topic = (await findTopics(tx, channel_id, [topicId])).get(topicId);
  if (topic === undefined || topicId === GENERAL_TOPIC_ID) throw rpcError('TOPIC_ID_INVALID');
  const found = await listTopicPostIds(tx.q, channel_id, topicId, SLICE + 1);
  const isOwn = topic.creator_id === actorId && found.length <= OWN_MAX && found.every((post) => post.poster_id === actorId);
  if (!isOwn || !mayDo(channel.standing, 'manage_topics')) channel.check('delete_messages');
  if (!topic.deleted) {
    await updateTopic(tx, topic, { deleted: true, pinned_order: 0 });
    channel.note({ kind: 'topic_delete', topic });
  }
  // Nobody reads it from now on. A read that is under way when it is marked as deleted ends before the job, which is repeated with the last slice.
  if (!topic.deleted || found.length <= SLICE) await tx.job(dropTopicRowsJob.order(actorId, { channelId: channel_id, topicId }));
  const { removed, pts } = await channel.remove(found.slice(0, SLICE).map((post) => post.msg_id));
  return { pts, ptsCount: removed.length, offset: found.length > SLICE ? 1 : 0 };
}
