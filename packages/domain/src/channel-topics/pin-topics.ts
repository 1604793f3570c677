import { unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { type ChannelChange, findTopics, listPinnedTopics, savePinnedTopics } from '../channel-state/index.ts';
import { accessTopic, checkForum } from './access-topic.ts';

/** Maximum number of pinned topics of a forum; sent to clients in help.getAppConfig. */
export const PINNED_TOPICS_MAX = 5;

/**
 * Pins a topic above the others, or unpins it. A topic that is already in that state is left as it is.
 * @throws RpcError 400 CHANNEL_FORUM_MISSING, CHANNEL_PRIVATE, TOPIC_ID_INVALID, TOPIC_DELETED, CHAT_ADMIN_REQUIRED, PINNED_DIALOGS_TOO_MUCH, 420 FLOOD_WAIT_%d
 */
export async function pinTopic(channel: ChannelChange, topicId: number, pinned: boolean): Promise<tl.Update[]> {
  const topic = await accessTopic(channel, topicId);
  channel.check('manage_topics_of_all');
  if (topic.pinned_order > 0 === pinned) return [];
  const { tx, row: { channel_id }, peerId } = channel;
  const others = (await listPinnedTopics(tx.q, channel_id)).map(({ topic_id }) => topic_id).filter((id) => id !== topicId);
  if (pinned && others.length >= PINNED_TOPICS_MAX) throw rpcError('PINNED_DIALOGS_TOO_MUCH');
  await channel.charge();
  await savePinnedTopics(tx, channel_id, pinned ? [topicId, ...others] : others);
  const after = { ...topic, pinned_order: pinned ? 1 : 0 };
  channel.note({ kind: 'topic_pin', before: pinned ? undefined : topic, after: pinned ? after : undefined });
  return [channel.show({ _: 'updatePinnedForumTopic', pinned: pinned ? true : undefined, peer: unmarkPeer(peerId), topic_id: topicId })];
}

/**
 * Puts the pinned topics into another order.
 * @param force topics that are not named are unpinned, and those that are named are pinned; otherwise only topics that are pinned change their places
 * @throws RpcError 400 CHANNEL_FORUM_MISSING, CHANNEL_PRIVATE, CHAT_ADMIN_REQUIRED, TOPIC_ID_INVALID, PINNED_DIALOGS_TOO_MUCH, 420 FLOOD_WAIT_%d
 */
export async function reorderPinnedTopics(channel: ChannelChange, order: readonly number[], force: boolean): Promise<tl.Update[]> {
  checkForum(channel);
  channel.check('manage_topics_of_all');
  const { tx, row: { channel_id }, peerId } = channel;
  const pinned = await listPinnedTopics(tx.q, channel_id);
  const before = pinned.map(({ topic_id }) => topic_id);
  const named = [...new Set(order)];
  const found = await findTopics(tx, channel_id, named);
  if (named.some((id) => found.get(id)?.deleted !== false)) throw rpcError('TOPIC_ID_INVALID');
  const kept = named.filter((id) => before.includes(id));
  const after = force ? named : [...kept, ...before.filter((id) => !kept.includes(id))];
  if (after.length > PINNED_TOPICS_MAX) throw rpcError('PINNED_DIALOGS_TOO_MUCH');
  if (after.length === before.length && after.every((id, place) => id === before[place])) return [];
  await channel.charge();
  await savePinnedTopics(tx, channel_id, after);
  for (const topic of pinned.filter(({ topic_id }) => !after.includes(topic_id))) channel.note({ kind: 'topic_pin', before: topic, after: undefined });
  for (const id of after.filter((one) => !before.includes(one))) channel.note({ kind: 'topic_pin', before: undefined, after: { ...found.get(id)!, pinned_order: 1 } });
  return [channel.show({ _: 'updatePinnedForumTopics', peer: unmarkPeer(peerId), order: after })];
}
