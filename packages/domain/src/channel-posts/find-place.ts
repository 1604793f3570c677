import { rpcError } from '@aerogram/errors';

import { isForum, mayDo } from '../chats/index.ts';
import type { PostRow } from '../events/index.ts';
import { beginsTopic, type ChannelChange, findRootId, findTopics, placeInTopic, type TopicRow, topicOf } from '../channel-state/index.ts';

/** The thread in which a new message is written. */
export interface PostPlace {
  /** Columns and flags of the message. */
  top_id: number | null;
  flags: number;
  /** Whether the message that the call names is only the first one of the topic, so that the new one is no reply. */
  isTopicOnly: boolean;
}

/** What a call says of the place of a message. */
export interface PlaceInput {
  actorId: bigint;
  /** The first message of the topic; undefined: what follows from the message that is replied to. */
  topicId: number | undefined;
  /** The message that is replied to, of the same channel. */
  repliedTo: PostRow | undefined;
}

/**
 * Finds and opens the thread of a new message: in a forum the topic, elsewhere that of the message that it replies to. Broadcast channels have none.
 * @throws RpcError 400 TOPIC_ID_INVALID, TOPIC_DELETED, TOPIC_CLOSED, REPLY_MESSAGE_ID_INVALID for a reply to a message of another topic
 */
export async function openPlace(channel: ChannelChange, { actorId, topicId: asked, repliedTo }: PlaceInput): Promise<PostPlace> {
  const { row, threads, tx } = channel;
  if (!isForum(row)) {
    const top_id = repliedTo === undefined || row.kind === 'broadcast' ? null : (repliedTo.top_id ?? (await findRootId(tx, repliedTo)));
    if (top_id !== null) await threads.open(top_id);
    return { top_id, flags: 0, isTopicOnly: false };
  }
  const topicId = asked ?? (repliedTo === undefined ? undefined : topicOf(repliedTo));
  if (repliedTo !== undefined && topicOf(repliedTo) !== topicId) throw rpcError('REPLY_MESSAGE_ID_INVALID');
  const place = await placeInTopic(channel, topicId);
  const topic = (await findTopics(tx, row.channel_id, [place.top_id!])).get(place.top_id!);
  checkMayWriteIn(channel, topic, actorId);
  return { ...place, isTopicOnly: repliedTo !== undefined && beginsTopic(repliedTo) };
}

/** In a closed topic, its creator and admins with the right to change topics may write. */
function checkMayWriteIn({ standing }: ChannelChange, topic: TopicRow | undefined, actorId: bigint): void {
  if (topic === undefined) throw rpcError('TOPIC_ID_INVALID');
  if (topic.deleted) throw rpcError('TOPIC_DELETED');
  if (topic.closed && topic.creator_id !== actorId && !mayDo(standing, 'manage_topics_of_all')) throw rpcError('TOPIC_CLOSED');
}
