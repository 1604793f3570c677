import { type MessageId, type PeerId, type TopicItem, topicOf } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { snippetOf } from '../models/message.ts';
import { mutedUntil } from '../models/mutes.ts';

/** A topic as pages see it: muted by itself, or with its group if it has no setting of its own. */
export function itemOfTopic({ store }: Account, peer: PeerId, id: MessageId): TopicItem | undefined {
  const topic = store.topics.get(peer, id);
  if (!topic) return undefined;
  const until = topic.mutedUntil ?? mutedUntil(store.chats.get(peer), store.peers.get(peer), store.facts.mutes);
  const top = store.outgoing(peer).findLast((row) => topicOf(row) === id) ?? store.message(peer, topic.topId);
  return { topic, isMuted: until > Date.now() / 1000, top: top && snippetOf(top) };
}

/** The peers that a row of a topic names. Pure. */
export function* peersOfTopic({ top }: TopicItem): Iterable<PeerId> {
  if (top) yield top.from;
}
