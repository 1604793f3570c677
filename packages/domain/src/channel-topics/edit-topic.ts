import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { checkedTitle } from '../groups/index.ts';
import { type Acting, type ChannelChange, GENERAL_TOPIC_ID, isMasked, type TopicRow, updateTopic } from '../channel-state/index.ts';
import { accessTopic, checkMayManage } from './access-topic.ts';

/** A change of a topic. What is undefined stays as it is. */
export interface TopicEdit extends Acting {
  topicId: number;
  title?: string | undefined;
  /** The custom emoji that is its icon, which the caller has checked; null: none. Not of General. */
  emojiId?: bigint | null | undefined;
  closed?: boolean | undefined;
  /** Only of General. */
  hidden?: boolean | undefined;
}

/**
 * Changes a topic, and says so in it. Hiding General also closes it, as clients expect, and showing it leaves it closed; opening it also shows it.
 * @throws RpcError 400 CHANNEL_FORUM_MISSING, CHANNEL_PRIVATE, TOPIC_ID_INVALID, TOPIC_DELETED, CHAT_ADMIN_REQUIRED, CHAT_TITLE_EMPTY, TOPIC_CLOSE_SEPARATELY,
 * TOPIC_NOT_MODIFIED, 403 MESSAGE_AUTHOR_REQUIRED for who created it in the name of a channel and may not write in that name any more, 420 FLOOD_WAIT_%d
 */
export async function editTopic(channel: ChannelChange, edit: TopicEdit): Promise<tl.Update[]> {
  const { actorId, topicId, closed, hidden } = edit;
  const before = await accessTopic(channel, topicId);
  checkMayManage(channel, before, actorId);
  const changesLook = edit.title !== undefined || edit.emojiId !== undefined;
  if ([changesLook, closed !== undefined, hidden !== undefined].filter(Boolean).length > 1) throw rpcError('TOPIC_CLOSE_SEPARATELY');
  if (edit.emojiId && topicId === GENERAL_TOPIC_ID) throw rpcError('TOPIC_ID_INVALID');
  if (hidden !== undefined) {
    if (topicId !== GENERAL_TOPIC_ID) throw rpcError('TOPIC_ID_INVALID');
    channel.check('manage_topics_of_all');
  }
  const title = edit.title === undefined ? before.title : checkedTitle(edit.title);
  const icon_emoji_id = edit.emojiId === undefined ? before.icon_emoji_id : edit.emojiId;
  const after: TopicRow = { ...before, title, icon_emoji_id, closed: closed ?? (hidden === true || before.closed), hidden: hidden ?? (closed !== false && before.hidden) };
  const isChanged = after.title !== before.title || after.icon_emoji_id !== before.icon_emoji_id || after.hidden !== before.hidden || (hidden === undefined && after.closed !== before.closed);
  if (!isChanged) throw rpcError('TOPIC_NOT_MODIFIED');
  await updateTopic(channel.tx, before, { title, icon_emoji_id, closed: after.closed, hidden: after.hidden });
  channel.note({ kind: 'topic_edit', before, after });
  // Nobody may learn who created a topic in the name of a channel.
  const changes = before.creator_id === actorId && isMasked(before, channel.peerId) ? { from_id: before.from_id, poster_id: actorId } : undefined;
  await channel.say({ _: 'messageActionTopicEdit', title: edit.title === undefined ? undefined : title, icon_emoji_id: edit.emojiId === undefined ? undefined : (edit.emojiId ?? 0n), closed, hidden }, { topicId, ...(changes && { changes }) });
  return [];
}
