import { rpcError } from '@aerogram/errors';

import { checkedTitle } from '../groups/index.ts';
import { MessageFlag, packMessageExtra, type PostRow } from '../events/index.ts';
import { type Acting, type ChannelChange, countTopics, findAuthor, findPostKeys, findPosts, insertTopic, TOPIC_COLORS } from '../channel-state/index.ts';
import { checkForum } from './access-topic.ts';

/** Maximum number of topics of a forum, deleted ones not counted: a page of topics is sorted out of all of them. */
export const TOPICS_MAX = 10_000;

/** A topic to create. */
export interface NewTopic extends Acting {
  title: string;
  /** RGB; undefined, and colours that clients do not know: the first one. */
  color: number | undefined;
  /** The custom emoji that is its icon, which the caller has checked; undefined: none. */
  emojiId?: bigint | undefined;
  /** Marked id of the peer in whose name the topic is created; undefined: the one that the actor has chosen for this channel. */
  sendAs: bigint | undefined;
  /** The same for a repeat of the same call; not 0. */
  randomId: bigint;
}

/**
 * Creates a topic. A repeat with the same random id returns what the first call created.
 * @returns the service message with which the topic begins; its id is the topic's
 * @throws RpcError 400 CHANNEL_FORUM_MISSING, CHANNEL_PRIVATE, CHANNEL_TOO_BIG, CHAT_ADMIN_REQUIRED, CHAT_TITLE_EMPTY, RANDOM_ID_DUPLICATE, SEND_AS_PEER_INVALID, 420 FLOOD_WAIT_%d
 */
export async function createTopic(channel: ChannelChange, { actorId, title: given, color, emojiId, sendAs, randomId }: NewTopic): Promise<PostRow> {
  checkForum(channel);
  channel.check('manage_topics');
  const title = checkedTitle(given);
  const { tx, row: { channel_id }, date } = channel;
  const [key] = await findPostKeys(tx, channel.peerId, [randomId]);
  if (key !== undefined) {
    const earlier = key.peerId === actorId ? (await findPosts(tx.q, channel_id, [key.msgId])).get(key.msgId) : undefined;
    if (earlier === undefined) throw rpcError('RANDOM_ID_DUPLICATE');
    return earlier;
  }
  // The protocol has no error of its own for this.
  if ((await countTopics(tx, channel_id)) >= TOPICS_MAX) throw rpcError('CHANNEL_TOO_BIG');
  await channel.charge();
  const icon_color = color !== undefined && TOPIC_COLORS.includes(color) ? color : TOPIC_COLORS[0]!;
  const from_id = await findAuthor(tx, channel.sender(), { kind: 'message', asked: sendAs, kept: channel.memberOf(actorId)?.send_as ?? null });
  const extra = packMessageExtra({ action: { _: 'messageActionTopicCreate', title, icon_color, icon_emoji_id: emojiId } });
  // The first message of a topic does not expire, because the topic is known by it.
  const first = channel.post({ text: '', extra, flags: MessageFlag.service | MessageFlag.inTopic, reply_to_msg_id: null, from_id, ttl_period: null }, randomId);
  channel.threads.begin(first);
  const topic = { channel_id, topic_id: first.msg_id, title, icon_color, icon_emoji_id: emojiId ?? null, from_id, creator_id: actorId, date, closed: false, hidden: false, deleted: false, pinned_order: 0 };
  await insertTopic(tx, topic);
  channel.note({ kind: 'topic_create', topic });
  return first;
}
