import type { tl } from '@mtcute/core';
import type { Topic, UnixTime } from '../../protocol/index.ts';
import { readDraft } from './draft.ts';
import { peerIdOf } from './ids.ts';

/**
 * Reads a topic. Pure.
 * @param topDate when its newest message was written; undefined if that is not known
 * @param pinned its place among the pinned topics
 */
export function readTopic(topic: tl.RawForumTopic, topDate: UnixTime | undefined, pinned: number | undefined): Topic {
  const draft = readDraft(topic.draft);
  return {
    peer: peerIdOf(topic.peer),
    id: topic.id,
    title: topic.title,
    colour: topic.iconColor,
    ...(topic.iconEmojiId?.isZero() === false ? { icon: topic.iconEmojiId.toString() } : {}),
    topId: topic.topMessage,
    date: Math.max(topDate ?? topic.date, draft?.date ?? 0),
    unread: topic.unreadCount,
    mentions: topic.unreadMentionsCount,
    reactions: topic.unreadReactionsCount,
    votes: topic.unreadPollVotesCount,
    readInboxId: topic.readInboxMaxId,
    readOutboxId: topic.readOutboxMaxId,
    pinned: topic.pinned ? pinned : undefined,
    isClosed: topic.closed,
    isHidden: topic.hidden,
    isOwn: topic.my,
    mutedUntil: topic.notifySettings.muteUntil,
    draft,
  };
}

/** Pinned topics first, in their order, then by date. Pure. */
export function compareTopics(first: Topic, second: Topic): number {
  if (first.pinned !== undefined || second.pinned !== undefined) return (first.pinned ?? Infinity) - (second.pinned ?? Infinity);
  return second.date - first.date || second.topId - first.topId;
}
