import { defineJobKind, type JobKind, jsonCodec, type NewJob } from '@aerogram/storage';

import { changeChannel, type ChannelChangeDeps, channelIdsOf, dropTopicRows, findTopics, listTopicPostIds } from '../channel-state/index.ts';

/** Maximum number of messages of a topic deleted at once, and named by one update. */
export const TOPIC_SLICE = 500;

/** A topic that was deleted. */
export interface DeletedTopic {
  channelId: bigint;
  topicId: number;
}

/** What becomes of deleted topics. */
export interface TopicClearing {
  readonly jobKind: JobKind;
  /** Orders that all of a topic goes which is marked as deleted. */
  order(topic: DeletedTopic): NewJob;
}

/**
 * Creates the job that deletes what is left of a deleted topic: its messages, in case the client does not ask for all of them, and what people have in it. It does not
 * matter whether the group is still a forum. Safe to repeat.
 */
export function createTopicClearing(deps: ChannelChangeDeps): TopicClearing {
  const jobKind = defineJobKind<DeletedTopic>({
    kind: 'drop-topic-rows',
    codec: jsonCodec(),
    async run({ channelId, topicId }, { db, signal }) {
      if ((await findTopics(db, channelId, [topicId])).get(topicId)?.deleted !== true) return;
      // The right to delete them was checked when the topic was deleted, which the admin log says, too.
      const acting = { actorId: channelIdsOf(channelId).peerId, origin: undefined };
      // Nobody can write in the topic any more.
      for (let rest = await list(); rest.length > 0; rest = await list()) {
        signal.throwIfAborted();
        const msgIds = rest.map((post) => post.msg_id);
        await changeChannel(deps, { name: 'clear-topic', channelId, acting }, { saysNothing: true }, (channel) => channel.remove(msgIds, false));
      }
      await dropTopicRows(db, channelId, topicId, signal);

      function list(): ReturnType<typeof listTopicPostIds> {
        return listTopicPostIds(db.q, channelId, topicId, TOPIC_SLICE);
      }
    },
  });
  return { jobKind, order: (topic) => jobKind.order(channelIdsOf(topic.channelId).peerId, topic) };
}
