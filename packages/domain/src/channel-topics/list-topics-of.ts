import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type Chats, isChatRow, isForum } from '../chats/index.ts';
import { channelIdOf, type PostRow } from '../events/index.ts';
import { findTopics, projectTopicFacts, topicOf } from '../channel-state/index.ts';

/** The dependencies of {@link listTopicsOf}. */
export interface TopicsOfDeps {
  db: Database;
  chats: Pick<Chats, 'findRows'>;
}

/**
 * Lists the topics to which messages of channels belong, each once, as answers name them beside the messages: what they are, without what the viewer has read.
 * Messages of channels that are no forums belong to none. Of a deleted topic only the id is shown.
 */
export async function listTopicsOf({ db, chats }: TopicsOfDeps, viewerId: bigint, posts: readonly PostRow[]): Promise<tl.ForumTopic[]> {
  if (posts.length === 0) return [];
  const rows = await chats.findRows(new Set(posts.map((post) => post.owner_id)));
  const forums = [...rows].filter(([, row]) => !isChatRow(row) && isForum(row)).map(([peerId]) => peerId);
  const found = await Promise.all(
    forums.map(async (peerId) => {
      const topics = await findTopics(db, channelIdOf(peerId), posts.filter((post) => post.owner_id === peerId).map(topicOf));
      return [...topics.values()];
    }),
  );
  return found.flat().map((topic) => (topic.deleted ? { _: 'forumTopicDeleted', id: topic.topic_id } : projectTopicFacts(topic, viewerId)));
}
