import { markPeer, unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import type { TopicRow } from './topic-store.ts';

/** What of a topic depends on its messages and on who looks at it. */
export type TopicView = Pick<
  tl.forumTopic,
  'top_message' | 'read_inbox_max_id' | 'read_outbox_max_id' | 'unread_count' | 'unread_mentions_count' | 'unread_reactions_count' | 'unread_poll_votes_count' | 'notify_settings' | 'draft'
>;

/** Returns true or undefined, never false: TL encodes a flag by its presence. */
const flag = (value: boolean): true | undefined => (value ? true : undefined);

/** A topic as one viewer sees it; a deleted one shows its id only. Pure. */
export function projectTopic(row: TopicRow, viewerId: bigint, view: TopicView): tl.ForumTopic {
  return row.deleted ? { _: 'forumTopicDeleted', id: row.topic_id } : { ...factsOf(row, viewerId), ...view };
}

/**
 * What a topic is, without what it holds and how far the viewer has read it, which clients ask for when they need it. Pure.
 * @param row of a topic that exists, or, in the admin log, did
 */
export function projectTopicFacts(row: TopicRow, viewerId: bigint): tl.forumTopic {
  return {
    ...factsOf(row, viewerId),
    short: true,
    top_message: row.topic_id,
    read_inbox_max_id: 0,
    read_outbox_max_id: 0,
    unread_count: 0,
    unread_mentions_count: 0,
    unread_reactions_count: 0,
    unread_poll_votes_count: 0,
    notify_settings: { _: 'peerNotifySettings' },
  };
}

function factsOf(row: TopicRow, viewerId: bigint) {
  return {
    _: 'forumTopic' as const,
    my: flag(row.creator_id === viewerId),
    closed: flag(row.closed),
    pinned: flag(row.pinned_order > 0),
    hidden: flag(row.hidden),
    id: row.topic_id,
    date: row.date,
    peer: unmarkPeer(markPeer({ _: 'peerChannel', channel_id: row.channel_id })),
    title: row.title,
    icon_color: row.icon_color,
    icon_emoji_id: row.icon_emoji_id ?? undefined,
    from_id: unmarkPeer(row.from_id),
  };
}
