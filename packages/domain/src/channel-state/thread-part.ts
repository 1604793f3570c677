import { sql } from '@aerogram/storage';

import { hasFlag, MessageFlag, type MessageRow, type PostRow } from '../events/index.ts';
import { GENERAL_TOPIC_ID } from './topic-store.ts';

/** A part of a supergroup in which a reader looks for messages. */
export interface ThreadPart {
  /** The topic, or the message that started the thread of replies. */
  topId: number;
  /** Whether it is a topic of a forum. General then includes what was written before the group was a forum. */
  isTopic: boolean;
}

/** The flag of messages in topics, as a condition. */
const IN_TOPIC = sql<boolean>`flags & ${sql.lit(MessageFlag.inTopic)} <> 0`;

/** The condition on rows of `channel_messages` of a part. It agrees with `topicOf`. */
export function isInPart({ topId, isTopic }: ThreadPart) {
  if (!isTopic) return sql<boolean>`top_id = ${topId}`;
  return topId === GENERAL_TOPIC_ID ? sql<boolean>`(top_id = ${topId} OR NOT (${IN_TOPIC}))` : sql<boolean>`(top_id = ${topId} AND ${IN_TOPIC})`;
}

/**
 * The search terms that say to which parts a message belongs. They are stored, so their meaning must never change. Pure.
 * @returns none for messages of users' boxes and posts of broadcast channels
 */
export function partTerms(row: MessageRow): string[] {
  if (!isPost(row) || hasFlag(row, MessageFlag.post)) return [];
  if (row.top_id !== null && hasFlag(row, MessageFlag.inTopic)) return [topicTerm(row.top_id)];
  return row.top_id === null ? [OUTSIDE] : [OUTSIDE, threadTerm(row.top_id)];
}

/** The search terms of which the messages of a part have at least one. Pure. */
export function termsOfPart({ topId, isTopic }: ThreadPart): string[] {
  if (isTopic) return topId === GENERAL_TOPIC_ID ? [topicTerm(topId), OUTSIDE] : [topicTerm(topId)];
  return [threadTerm(topId), topicTerm(topId)];
}

/** Of messages in no topic. */
const OUTSIDE = '~n';

const topicTerm = (topId: number): string => `~o${topId.toString(36)}`;
const threadTerm = (topId: number): string => `~t${topId.toString(36)}`;
const isPost = (row: MessageRow): row is PostRow => 'top_id' in row;
