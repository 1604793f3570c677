import { rpcError } from '@aerogram/errors';

import { type ChannelRow, isForum, type Reader } from '../chats/index.ts';
import type { PostRow } from '../events/index.ts';
import type { OutgoingReply } from '../messages/index.ts';
import { type ChannelChange, findRootId, findTopics, GENERAL_TOPIC_ID, placeInTopic, refusalOfTopic, threadOfReply, topicOf } from '../channel-state/index.ts';

/** The thread in which a new message is written: its columns and flags. */
export type PostPlace = Pick<PostRow, 'top_id' | 'flags'>;

/** What a call says of the place of a message. */
export interface PlaceInput {
  actorId: bigint;
  /** The topic; undefined: what follows from the message that is replied to. */
  topicId: number | undefined;
  /** The message that is replied to, of the same channel. */
  repliedTo: PostRow | undefined;
}

/** What a send replies to, and the topic in which it writes. */
export interface TopicWish {
  reply: OutgoingReply | undefined;
  topicId?: number | undefined;
}

/**
 * Tells replies from messages that are only written in a topic: clients name the topic as the message that they reply to. In a group without topics, what is
 * written in a thread is a reply to the message that started it.
 * @throws RpcError 400 REPLY_MESSAGE_ID_INVALID if two topics are named
 */
export async function readTopicWish(reader: Reader, row: ChannelRow, { reply, topicId }: TopicWish): Promise<TopicWish> {
  if (!isForum(row)) {
    const isInThread = reply === undefined && topicId !== undefined && topicId !== GENERAL_TOPIC_ID && row.kind !== 'broadcast';
    return isInThread ? { reply: { msgId: topicId, quote: undefined } } : { reply, topicId };
  }
  if (reply === undefined) return { reply, topicId };
  const isTopic = (await findTopics(reader, row.channel_id, [reply.msgId])).has(reply.msgId);
  if (!isTopic) return { reply, topicId };
  if (topicId !== undefined && topicId !== reply.msgId) throw rpcError('REPLY_MESSAGE_ID_INVALID');
  return { reply: undefined, topicId: reply.msgId };
}

/** The topic of a new message in a forum. Pure. @throws RpcError 400 REPLY_MESSAGE_ID_INVALID for a reply to a message of another topic than the one asked for */
export function topicFor(asked: number | undefined, repliedTo: PostRow | undefined): number {
  const ofReply = repliedTo && topicOf(repliedTo);
  if (asked !== undefined && ofReply !== undefined && asked !== ofReply) throw rpcError('REPLY_MESSAGE_ID_INVALID');
  return asked ?? ofReply ?? GENERAL_TOPIC_ID;
}

/**
 * Finds and opens the thread of a new message: in a forum the topic, elsewhere that of the message that it replies to. Broadcast channels have none.
 * @throws RpcError 400 TOPIC_ID_INVALID, TOPIC_DELETED, TOPIC_CLOSED, and as {@link topicFor}
 */
export async function openPlace(channel: ChannelChange, { actorId, topicId: asked, repliedTo }: PlaceInput): Promise<PostPlace> {
  const { row, threads, tx, standing } = channel;
  if (!isForum(row)) {
    const top_id = repliedTo === undefined || row.kind === 'broadcast' ? null : await findThreadOfReply(tx, repliedTo);
    if (top_id !== null) await threads.open(top_id);
    return { top_id, flags: 0 };
  }
  const topicId = topicFor(asked, repliedTo);
  const topic = (await findTopics(tx, row.channel_id, [topicId])).get(topicId);
  const refusal = refusalOfTopic(topic, actorId, standing);
  if (refusal !== undefined) throw rpcError(refusal);
  return placeInTopic(channel, topicId);
}

/** Checks that the actor may write in the topic of a message, which they change so that others read something new. @throws RpcError 400 TOPIC_DELETED, TOPIC_CLOSED */
export async function checkTopicOf({ row, tx, standing }: ChannelChange, actorId: bigint, post: PostRow): Promise<void> {
  if (!isForum(row)) return;
  const topicId = topicOf(post);
  const refusal = refusalOfTopic((await findTopics(tx, row.channel_id, [topicId])).get(topicId), actorId, standing);
  if (refusal !== undefined) throw rpcError(refusal);
}

/** The thread of a reply in a group without topics; replies to any message of a copied album are in the thread of its first one. */
async function findThreadOfReply(reader: Reader, to: PostRow): Promise<number | null> {
  const top_id = threadOfReply(to);
  return top_id === to.msg_id ? findRootId(reader, to) : top_id;
}
