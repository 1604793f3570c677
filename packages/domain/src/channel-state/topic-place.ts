import { type ChannelRow, isForum, mayDo, type Standing } from '../chats/index.ts';
import { hasFlag, MessageFlag, type PostRow } from '../events/index.ts';
import type { OpenThreads } from './open-threads.ts';
import { GENERAL_TOPIC_ID, type TopicRow } from './topic-store.ts';

/**
 * Opens a topic of a forum for new messages.
 * @param topicId undefined: General
 * @returns the columns and flags of a message in it; those of a message outside of all threads if the channel is no forum
 */
export async function placeInTopic(channel: { readonly row: ChannelRow; readonly threads: OpenThreads }, topicId = GENERAL_TOPIC_ID): Promise<{ top_id: number | null; flags: number }> {
  if (!isForum(channel.row)) return { top_id: null, flags: 0 };
  await channel.threads.open(topicId);
  return { top_id: topicId, flags: MessageFlag.inTopic };
}

/** The topic to which a message belongs, now that its channel is a forum. What was written before it was one belongs to General. Pure. */
export function topicOf({ flags, top_id }: Pick<PostRow, 'flags' | 'top_id'>): number {
  return hasFlag({ flags }, MessageFlag.inTopic) && top_id !== null ? top_id : GENERAL_TOPIC_ID;
}

/**
 * The thread of a reply in a group without topics. Ids of topics start no such thread, and what was written in a topic starts a new one: the reply belongs to
 * General if the group is a forum again. Pure.
 * @param to the message that is replied to
 */
export function threadOfReply(to: Pick<PostRow, 'flags' | 'msg_id' | 'top_id'>): number | null {
  if (beginsTopic(to) || to.msg_id === GENERAL_TOPIC_ID) return null;
  return hasFlag(to, MessageFlag.inTopic) ? to.msg_id : (to.top_id ?? to.msg_id);
}

/** Whether a message is the first one of a topic. Pure. */
export function beginsTopic({ msg_id, top_id }: Pick<PostRow, 'msg_id' | 'top_id'>): boolean {
  return msg_id === top_id;
}

/**
 * Why somebody may not write in a topic; undefined if they may. In a closed one its creator may, and admins with the right to change topics. Pure.
 * @param topic undefined: there never was such a topic
 */
export function refusalOfTopic(topic: TopicRow | undefined, userId: bigint, standing: Standing): 'TOPIC_ID_INVALID' | 'TOPIC_DELETED' | 'TOPIC_CLOSED' | undefined {
  if (topic === undefined) return 'TOPIC_ID_INVALID';
  if (topic.deleted) return 'TOPIC_DELETED';
  return topic.closed && topic.creator_id !== userId && !mayDo(standing, 'manage_topics_of_all') ? 'TOPIC_CLOSED' : undefined;
}
