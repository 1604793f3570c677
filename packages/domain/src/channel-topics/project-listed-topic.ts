import type { tl } from '@aerogram/tl';

import { type ListedTopic, projectTopic } from '../channel-state/index.ts';
import { openThreadDraft } from '../dialogs/index.ts';
import { ANSWER_BYTES } from '../messages/index.ts';
import { projectNotifySettings } from '../notifications/index.ts';

/** The viewer of a page of topics. */
export interface TopicViewer {
  userId: bigint;
  /** Up to which message others have read the forum. */
  readOutboxMaxId: number;
}

/** Projects a page of topics. Drafts of the last ones are left out if they do not fit into one answer. Pure. */
export function projectListedTopics(topics: readonly ListedTopic[], { userId, readOutboxMaxId }: TopicViewer): tl.ForumTopic[] {
  let bytes = 0;
  return topics.map((topic) => {
    bytes += topic.draft?.length ?? 0;
    return projectTopic(topic, userId, {
      top_message: topic.top_msg_id,
      read_inbox_max_id: topic.read_max_id,
      read_outbox_max_id: Math.max(readOutboxMaxId, topic.read_outbox_max_id),
      unread_count: topic.unread,
      unread_mentions_count: topic.mentions,
      unread_reactions_count: topic.reactions,
      unread_poll_votes_count: topic.votes,
      notify_settings: projectNotifySettings(topic, false),
      draft: topic.draft === null || bytes > ANSWER_BYTES ? undefined : openThreadDraft(topic.draft).draft,
    });
  });
}
