import { type MessageId, type PeerId, type ServiceAction, type Topic, topicOf } from '../../protocol/index.ts';
import { channelPeer, peerIdOf } from '../models/ids.ts';
import type { MessageRow } from '../models/message.ts';
import type { ReduceContext, Reducers } from './context.ts';

const isForum = ({ store }: ReduceContext, peer: PeerId): boolean => store.peers.get(peer)?.isForum === true;

/** The id of the icon of a topic from which it was taken away. */
const NO_ICON = '0';

/** What a service message says of the topic in which it stands. */
function editOf(service: ServiceAction | undefined, topic: Topic): Partial<Topic> {
  if (service?.kind !== 'topicEdited') return {};
  // General is closed when it is hidden, stays so when it is shown again, and is shown when it is opened.
  const { title = topic.title, isClosed = service.isHidden === true || topic.isClosed, isHidden = service.isClosed === false ? false : topic.isHidden } = service;
  return { title, isClosed, isHidden, ...(service.icon === undefined ? {} : { icon: service.icon === NO_ICON ? undefined : service.icon }) };
}

/** A new message is the newest one of its topic. It counts there as in its group: unread if it is not an own one. */
export function addToTopic(context: ReduceContext, row: MessageRow): void {
  if (!isForum(context, row.peer)) return;
  const { store, refreshTopics } = context;
  const id = topicOf(row);
  const topic = store.topics.get(row.peer, id);
  if (!topic) {
    // A new topic, or one that was not loaded: the server knows what it is called.
    refreshTopics(row.peer, [id]);
    return;
  }
  if (row.id <= topic.topId) return;
  const isUnread = !row.isOut && row.id > topic.readInboxId;
  store.topics.set({
    ...topic,
    ...editOf(row.service, topic),
    topId: row.id,
    date: Math.max(row.date, topic.draft?.date ?? 0),
    unread: isUnread ? topic.unread + 1 : topic.unread,
    mentions: isUnread && row.mentionsMe ? topic.mentions + 1 : topic.mentions,
  });
}

/** Messages of a forum are gone. A topic is gone with its first message; how the others stand only the server knows. */
export function removeFromTopics(context: ReduceContext, peer: PeerId, ids: MessageId[]): void {
  if (!isForum(context, peer)) return;
  const { store, refreshTopics } = context;
  const gone = new Set(ids);
  const changed = store.topics.list(peer).filter((topic) => {
    if (gone.has(topic.id)) store.topics.remove(peer, topic.id);
    else return gone.has(topic.topId) || (topic.unread > 0 && ids.some((id) => id > topic.readInboxId && id < topic.topId));
    return false;
  });
  if (changed.length > 0) refreshTopics(peer, changed.map(({ id }) => id));
}

/** Mentions, reactions or votes of a forum were seen, or came: the server counts them. */
export function recountTopics(context: ReduceContext, peer: PeerId, ids: MessageId[]): void {
  if (!isForum(context, peer)) return;
  const { store, refreshTopics } = context;
  const counted = store.topics.list(peer).filter(({ mentions, reactions = 0, votes = 0 }) => mentions > 0 || reactions > 0 || votes > 0);
  const touched = ids.flatMap((id) => store.message(peer, id) ?? []).filter(({ hasUnseenReaction, media }) => hasUnseenReaction || (media?.kind === 'poll' && media.poll.hasUnseenVotes));
  const topics = new Set([...counted.map(({ id }) => id), ...touched.map(topicOf)]);
  if (topics.size > 0) refreshTopics(peer, [...topics]);
}

/** A topic was read up to a message. How much is left if that was not the newest one only the server knows. */
function readTopic({ store, refreshTopics }: ReduceContext, { peer, id, topId, readInboxId }: Topic, upTo: MessageId): void {
  if (upTo <= readInboxId) return;
  store.topics.change(peer, id, ({ unread }) => ({ readInboxId: upTo, unread: upTo >= topId ? 0 : unread }));
  if (upTo < topId) refreshTopics(peer, [id]);
}

/** A topic was read, here or on another device. The group counts what its topics have. */
export function noteTopicRead(context: ReduceContext, peer: PeerId, id: MessageId, upTo: MessageId): void {
  if (!isForum(context, peer)) return;
  const topic = context.store.topics.get(peer, id);
  if (topic) readTopic(context, topic, upTo);
  context.refreshChats([peer]);
}

/** Who reads a forum as one history has read all of its topics. */
export function readAllTopics(context: ReduceContext, peer: PeerId, upTo: MessageId): void {
  for (const topic of context.store.topics.list(peer)) if (topic.unread > 0) readTopic(context, topic, upTo);
}

/** Others have read own messages of a forum. */
export function readTopicsOutside({ store }: ReduceContext, peer: PeerId, upTo: MessageId): void {
  for (const { id } of store.topics.list(peer)) store.topics.change(peer, id, ({ readOutboxId }) => ({ readOutboxId: Math.max(upTo, readOutboxId) }));
}

export const topicReducers: Reducers = {
  updatePinnedForumTopic: ({ store, refreshTopics }, { peer, topicId, pinned }) => {
    const forum = peerIdOf(peer);
    // A newly pinned topic stands first.
    const first = Math.min(0, ...store.topics.list(forum).flatMap((topic) => topic.pinned ?? [])) - 1;
    store.topics.change(forum, topicId, () => ({ pinned: pinned ? first : undefined }));
    if (!store.topics.get(forum, topicId)) refreshTopics(forum, [topicId]);
  },
  updatePinnedForumTopics: ({ store, refreshTopics }, { peer, order = [] }) => {
    const forum = peerIdOf(peer);
    for (const { id } of store.topics.list(forum)) {
      const at = order.indexOf(id);
      store.topics.change(forum, id, () => ({ pinned: at === -1 ? undefined : at }));
    }
    const missing = order.filter((id) => !store.topics.get(forum, id));
    if (missing.length > 0) refreshTopics(forum, missing);
  },
  updateChannelViewForumAsMessages: ({ store }, { channelId, enabled }) => store.changeChat(channelPeer(channelId), () => ({ asMessages: enabled })),
};
