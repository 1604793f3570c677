import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import { MessageFlag } from '../events/index.ts';
import { GAP_BUCKET, inSlices } from '../shared/index.ts';
import type { ThreadPerson } from './thread-mark-store.ts';
import { GENERAL_TOPIC_ID } from './topic-store.ts';

// A person has a row for a topic only if it says more than the read mark of the channel, or if the person has written in the topic. The rules:
// - `read_max_id` greater than the channel's mark: the topic is read further, and `ahead_from` is set.
// - otherwise the channel's mark counts. The number in the topic that belongs to it is read from the newest message up to it.
// - `own_at_read` always is how many messages up to the further one of both marks the person has written, 0 without a row.

/** Of how many topics the devices of a reader are told that they are read, when the whole forum is. Clients load the others when they show them. */
const TOLD_TOPICS_MAX = 100;

/** SQL: the number in a topic of its last message up to an id. */
const ordinalUpTo = (topId: string, msgId: string): string =>
  `COALESCE((SELECT p.top_ordinal FROM channel_messages p WHERE p.channel_id = $2 AND p.top_id = ${topId} AND p.top_id IS NOT NULL AND p.msg_id <= ${msgId} ORDER BY p.msg_id DESC LIMIT 1), 0)`;

/** SQL: the number before that of the first message of a topic after an id; null: there is none. */
const ordinalBefore = (topId: string, msgId: string): string =>
  `(SELECT p.top_ordinal - 1 FROM channel_messages p WHERE p.channel_id = $2 AND p.top_id = ${topId} AND p.top_id IS NOT NULL AND p.msg_id > ${msgId} ORDER BY p.msg_id LIMIT 1)`;

/** SQL: how many of a person's messages in a topic lie between two places, each given as id and number; deleted ones are known by their numbers only. */
const ownBetween = (topId: string, ids: readonly [string, string], ordinals: readonly [string, string]): string =>
  `((SELECT count(*) FROM channel_messages p WHERE p.channel_id = $2 AND p.top_id = ${topId} AND p.top_id IS NOT NULL AND p.msg_id > ${ids[0]} AND p.msg_id <= ${ids[1]} AND p.poster_id = $1)
    + COALESCE((SELECT sum((SELECT count(*) FROM unnest(g.ordinals, g.author_ids) AS d (ordinal, author_id) WHERE d.ordinal > ${ordinals[0]} AND d.ordinal <= ${ordinals[1]} AND d.author_id = $1))
                  FROM thread_gaps g WHERE g.channel_id = $2 AND g.top_id = ${topId} AND g.bucket BETWEEN ${ordinals[0]} / ${GAP_BUCKET} AND ${ordinals[1]} / ${GAP_BUCKET}), 0))::integer`;

/** SQL: the columns of what was read of a topic before, by `f` (the topic), `m` (own messages) and `u` (the row); `$3` is the read mark of the channel. */
const READ_BEFORE = `f.topic_id AS top_id, COALESCE(m.own_posts, 0) AS own_posts, COALESCE(t.ordinal, 0) AS ordinal, COALESCE(u.own_at_read, 0) AS own,
    GREATEST(COALESCE(u.read_max_id, 0), $3::integer) AS max_id, GREATEST(COALESCE(u.read_ordinal, 0), ${ordinalUpTo('f.topic_id', '$3::integer')}) AS upto, u.ahead_from, COALESCE(u.ahead_own, 0) AS ahead_own`;

// `$4` is the new mark. Everything up to the message before the first unread one counts as read, whether it still exists or not.
const READ_AFTER = `SELECT b.*, GREATEST(b.upto, COALESCE(b.before, b.ordinal)) AS new_upto,
         CASE WHEN b.before IS NULL THEN b.own_posts ELSE b.own + ${ownBetween('b.top_id', ['b.max_id', '$4::integer'], ['b.upto', 'GREATEST(b.upto, b.before)'])} END AS new_own
    FROM (SELECT w.*, ${ordinalBefore('w.top_id', '$4::integer')} AS before FROM was w WHERE $4::integer > w.max_id) AS b`;

const readTopic = defineStatement<{ read_max_id: number }>(
  'read_topic',
  `WITH was AS (
     SELECT ${READ_BEFORE}
       FROM forum_topics f
       LEFT JOIN channel_threads t ON t.channel_id = f.channel_id AND t.top_id = f.topic_id
       LEFT JOIN thread_members m ON m.channel_id = f.channel_id AND m.top_id = f.topic_id AND m.user_id = $1
       LEFT JOIN user_threads u ON u.owner_id = $1 AND u.channel_id = f.channel_id AND u.top_id = f.topic_id
      WHERE f.channel_id = $2 AND f.topic_id = $5
   ), now AS (${READ_AFTER})
   INSERT INTO user_threads AS u (owner_id, channel_id, top_id, read_max_id, read_ordinal, own_at_read, ahead_from, ahead_own)
   SELECT $1, $2, n.top_id, $4::integer, n.new_upto, n.new_own, COALESCE(n.ahead_from, n.upto), n.ahead_own + n.new_own - n.own FROM now n
   ON CONFLICT (owner_id, channel_id, top_id) DO UPDATE
      SET read_max_id = excluded.read_max_id, read_ordinal = excluded.read_ordinal, own_at_read = excluded.own_at_read, ahead_from = excluded.ahead_from, ahead_own = excluded.ahead_own
   RETURNING u.read_max_id`,
);

const countOwn = defineStatement(
  'count_own_in_topics',
  `WITH was AS (
     SELECT ${READ_BEFORE}
       FROM forum_topics f
       JOIN channel_threads t ON t.channel_id = f.channel_id AND t.top_id = f.topic_id
       JOIN thread_members m ON m.channel_id = f.channel_id AND m.top_id = f.topic_id AND m.user_id = $1
       LEFT JOIN user_threads u ON u.owner_id = $1 AND u.channel_id = f.channel_id AND u.top_id = f.topic_id
      WHERE f.channel_id = $2 AND m.own_posts > COALESCE(u.own_at_read, 0)
   ), now AS (${READ_AFTER})
   INSERT INTO user_threads AS u (owner_id, channel_id, top_id, read_max_id, read_ordinal, own_at_read)
   SELECT $1, $2, n.top_id, $4::integer, n.new_upto, n.new_own FROM now n WHERE n.new_own <> n.own
   ON CONFLICT (owner_id, channel_id, top_id) DO UPDATE
      SET read_max_id = excluded.read_max_id, read_ordinal = excluded.read_ordinal, own_at_read = excluded.own_at_read, ahead_from = NULL, ahead_own = 0`,
);

const moveAhead = defineStatement(
  'move_topics_ahead',
  `UPDATE user_threads u
      SET ahead_from = CASE WHEN a.read_max_id > $4::integer THEN a.upto END,
          ahead_own = CASE WHEN a.read_max_id > $4::integer THEN u.ahead_own - ${ownBetween('a.top_id', ['$3::integer', '$4::integer'], ['a.ahead_from', 'a.upto'])} ELSE 0 END
     FROM (SELECT b.top_id, b.read_max_id, b.ahead_from, GREATEST(b.ahead_from, LEAST(b.read_ordinal, ${ordinalBefore('b.top_id', '$4::integer')})) AS upto
             FROM user_threads b WHERE b.owner_id = $1 AND b.channel_id = $2 AND b.ahead_from IS NOT NULL) AS a
    WHERE u.owner_id = $1 AND u.channel_id = $2 AND u.top_id = a.top_id`,
);

const dropIdle = defineStatement(
  'drop_idle_topic_marks',
  `DELETE FROM user_threads u
    WHERE u.owner_id = $1 AND u.channel_id = $2 AND u.read_max_id <= $3 AND u.ahead_from IS NULL AND u.own_at_read = 0 AND u.draft IS NULL
      AND u.show_previews IS NULL AND u.silent IS NULL AND u.mute_until IS NULL AND u.sound IS NULL
      AND EXISTS (SELECT FROM forum_topics f WHERE f.channel_id = $2 AND f.topic_id = u.top_id)`,
);

/** SQL: the topic to which a message `m` of a forum belongs; see `topicOf`. */
const TOPIC_OF = `(CASE WHEN m.flags & ${MessageFlag.inTopic} <> 0 THEN m.top_id ELSE ${GENERAL_TOPIC_ID} END)`;

// The value of the first subselect cannot be joined, so the messages are read in their order until the first unread one.
const findUnread = defineStatement<{ msg_id: number }>(
  'find_first_unread_in_topics',
  `SELECT m.msg_id FROM channel_messages m
    WHERE m.channel_id = $2 AND m.msg_id > $3 AND m.poster_id <> $1
      AND m.msg_id > COALESCE((SELECT u.read_max_id FROM user_threads u WHERE u.owner_id = $1 AND u.channel_id = $2 AND u.top_id = ${TOPIC_OF}), 0)
      AND (SELECT f.deleted FROM forum_topics f WHERE f.channel_id = $2 AND f.topic_id = ${TOPIC_OF}) IS NOT TRUE
    ORDER BY m.msg_id LIMIT 1`,
);

const listNews = defineStatement<{ topic_id: number; is_new: boolean }>(
  'list_topics_with_news',
  `SELECT f.topic_id, (t.top_msg_id > GREATEST($2::integer, u.read_max_id) AND COALESCE(u.read_max_id, 0) < $3::integer) IS TRUE AS is_new
     FROM forum_topics f
     LEFT JOIN channel_threads t ON t.channel_id = f.channel_id AND t.top_id = f.topic_id
     LEFT JOIN user_threads u ON u.owner_id = $4 AND u.channel_id = f.channel_id AND u.top_id = f.topic_id
    WHERE f.channel_id = $1 AND NOT f.deleted AND (t.top_msg_id > $2::integer OR f.topic_id = ${GENERAL_TOPIC_ID}) ORDER BY is_new DESC, t.top_msg_id DESC LIMIT ${TOLD_TOPICS_MAX}`,
);

const startMarks = defineStatement(
  'start_topic_marks',
  `INSERT INTO user_threads AS u (owner_id, channel_id, top_id, read_max_id, read_ordinal, own_at_read)
   SELECT m.user_id, $1, f.topic_id, $3::integer, LEAST(t.ordinal, w.ordinal), m.own_posts
     FROM forum_topics f
     JOIN channel_threads t ON t.channel_id = f.channel_id AND t.top_id = f.topic_id
     JOIN thread_members m ON m.channel_id = f.channel_id AND m.top_id = f.topic_id AND m.user_id = ANY ($2::bigint[])
     LEFT JOIN unnest($4::integer[], $5::integer[]) AS w (top_id, ordinal) ON w.top_id = f.topic_id
    WHERE f.channel_id = $1
   ON CONFLICT (owner_id, channel_id, top_id) DO UPDATE SET read_max_id = excluded.read_max_id, read_ordinal = excluded.read_ordinal, own_at_read = excluded.own_at_read`,
);

/**
 * Marks a topic as read up to a message, for a member. The member's box must be locked.
 * @param channelMark up to which message the member has read the channel
 * @returns whether the mark has moved
 */
export async function readTopicUpTo(tx: Tx, { userId, channelId, topId }: ThreadPerson, maxId: number, channelMark: number): Promise<boolean> {
  const { rows } = await tx.run(readTopic, [userId, channelId, channelMark, maxId, topId]);
  return rows.length > 0;
}

/** Finds the first message of a forum after an id that a member has not read in its topic; undefined: all are read. Messages of deleted topics are left out. */
export async function findFirstUnread(tx: Tx, userId: bigint, channelId: bigint, afterId: number): Promise<number | undefined> {
  return (await tx.run(findUnread, [userId, channelId, afterId])).rows[0]?.msg_id;
}

/** How the read mark that a member has in a channel moves. */
export interface ChannelMarkMove {
  userId: bigint;
  channelId: bigint;
  /** The last message that was read before. */
  before: number;
  /** The last message that is read now. */
  after: number;
  /** Whether the member has written some of the messages in between. */
  wroteBetween: boolean;
}

/**
 * Corrects what a member has in the topics of a forum when the read mark of the channel moves, which reads all topics up to it.
 * @returns the topics with the newest messages that the member had not read; none in a channel that was never a forum
 */
export async function settleTopicMarks(tx: Tx, { userId, channelId, before, after, wroteBetween }: ChannelMarkMove): Promise<number[]> {
  const { rows: topics } = await tx.run(listNews, [channelId, before, after, userId]);
  // A channel that is or was a forum has General.
  if (topics.length === 0) return [];
  if (wroteBetween) await tx.run(countOwn, [userId, channelId, before, after]);
  await tx.run(moveAhead, [userId, channelId, before, after]);
  await tx.run(dropIdle, [userId, channelId, after]);
  return topics.filter((topic) => topic.is_new).map((topic) => topic.topic_id);
}

/** People who join a forum, in which some of them may have written before. */
export interface TopicReaders {
  userIds: readonly bigint[];
  /** Up to which message they have read the channel. */
  readMaxId: number;
}

/**
 * Gives people who join a forum their rows of the topics in which they have written. Sent together with the COMMIT, after what the threads contain.
 * @param ordinals for each topic with new messages that count as unread, the number before that of the first one
 */
export function startTopicMarksLast(tx: Tx, channelId: bigint, { userIds, readMaxId }: TopicReaders, ordinals: ReadonlyMap<number, number>): void {
  tx.runLast(startMarks, [channelId, userIds, readMaxId, [...ordinals.keys()], [...ordinals.values()]]);
}

/** Maximum number of rows deleted per transaction, so that transactions stay short. */
const SLICE = 1000;

const dropRows = defineStatement(
  'drop_topic_rows',
  `DELETE FROM user_threads WHERE ctid = ANY (ARRAY(SELECT ctid FROM user_threads WHERE channel_id = $1 AND top_id = $2 LIMIT ${SLICE}))`,
);

/** Deletes what all people have in a topic that was deleted, in slices. Safe to repeat. */
export function dropTopicRows(db: Pick<Database, 'transact'>, channelId: bigint, topicId: number, signal: AbortSignal): Promise<void> {
  return inSlices(SLICE, signal, async () => (await db.transact('drop-topic-rows', (tx) => tx.run(dropRows, [channelId, topicId]))).count);
}
