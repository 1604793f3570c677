import { defineStatement, type Tx } from '@aerogram/storage';

import { MessageFlag } from '../events/index.ts';
import type { ThreadPerson } from './thread-mark-store.ts';

/** What becomes read when a read mark moves. */
export interface ReadCounts {
  /** Number of the first message that stays unread, less one. */
  read_ordinal: number | null;
  own: number;
}

// Everything up to the message before the first unread one counts as read, whether it still exists or not.
const countRead = defineStatement<ReadCounts>(
  'count_read_posts',
  `SELECT (SELECT ordinal - 1 FROM channel_messages WHERE channel_id = $1 AND msg_id > $3 ORDER BY msg_id LIMIT 1) AS read_ordinal,
          (SELECT count(*)::integer FROM channel_messages WHERE channel_id = $1 AND msg_id > $2 AND msg_id <= $3 AND poster_id = $4) AS own`,
);

/** How far the two members who have read furthest have read. */
export interface HeadMark {
  read_max_id: number;
  read_by: bigint | null;
  second_read_max_id: number;
}

// Returns the marks as they were before. Most readers are behind the first two, and then nothing is written.
const moveMarks = (name: string, table: 'channel_heads' | 'channel_threads', key: string) =>
  defineStatement<HeadMark>(
    name,
    `UPDATE ${table} h
      SET read_max_id = GREATEST(was.read_max_id, $3), read_by = CASE WHEN $3 > was.read_max_id THEN $2 ELSE was.read_by END,
          second_read_max_id = CASE WHEN was.read_by = $2 THEN was.second_read_max_id WHEN $3 > was.read_max_id THEN was.read_max_id
                                    ELSE GREATEST(was.second_read_max_id, $3) END
     FROM (SELECT h.channel_id, h.read_max_id, h.read_by, h.second_read_max_id FROM ${table} h WHERE ${key} FOR UPDATE) AS was
    WHERE ${key} AND ($3 > was.read_max_id OR ($3 > was.second_read_max_id AND was.read_by IS DISTINCT FROM $2))
   RETURNING was.read_max_id, was.read_by, was.second_read_max_id`,
  );
const moveHeadMarks = moveMarks('move_head_marks', 'channel_heads', 'h.channel_id = $1');
const moveThreadMarks = moveMarks('move_thread_marks', 'channel_threads', 'h.channel_id = $1 AND h.top_id = $4');

/** Maximum number of messages whose authors are told at once that somebody has read them. */
const TOLD_POSTS_MAX = 200;

/** The author of a message that was read, and its topic in a forum. */
export interface ReadAuthor {
  poster_id: bigint;
  topic_id: number | null;
}

const listAuthors = defineStatement<ReadAuthor>(
  'list_read_authors',
  `SELECT DISTINCT poster_id, CASE WHEN flags & ${MessageFlag.inTopic} <> 0 THEN top_id END AS topic_id FROM (
     SELECT poster_id, flags, top_id FROM channel_messages WHERE channel_id = $1 AND msg_id > $2 AND msg_id <= $3 ORDER BY msg_id DESC LIMIT ${TOLD_POSTS_MAX}) AS p`,
);

const listRepliers = defineStatement<{ poster_id: bigint }>(
  'list_read_repliers',
  `SELECT DISTINCT poster_id FROM (
     SELECT poster_id FROM channel_messages WHERE channel_id = $1 AND top_id = $2 AND top_id IS NOT NULL AND msg_id > $3 AND msg_id <= $4 ORDER BY msg_id DESC LIMIT ${TOLD_POSTS_MAX}) AS p`,
);

const listMembersOf = defineStatement<{ user_id: bigint }>(
  'keep_channel_members',
  `SELECT user_id FROM channel_members WHERE channel_id = $1 AND user_id = ANY ($2::bigint[]) AND status = 'member'`,
);

/** Keeps those people who are members of a channel. */
export async function keepMembers(tx: Tx, channelId: bigint, userIds: readonly bigint[]): Promise<bigint[]> {
  if (userIds.length === 0) return [];
  const { rows } = await tx.run(listMembersOf, [channelId, userIds]);
  return rows.map((row) => row.user_id);
}

/**
 * Counts what becomes read when the read mark of a member moves.
 * @param range the ids of the last read message before and after
 */
export async function countReadPosts(tx: Tx, channelId: bigint, userId: bigint, range: { before: number; after: number }): Promise<ReadCounts> {
  const { rows } = await tx.run(countRead, [channelId, range.before, range.after, userId]);
  return rows[0]!;
}

/**
 * Updates the marks of the two members who have read furthest, if this member is now one of them. Two are needed because authors are shown how far other
 * members have read: if the author is the one who has read furthest, the second mark counts.
 * @returns the marks before the change; undefined if they did not change
 */
export async function saveHeadMarks(tx: Tx, channelId: bigint, userId: bigint, maxId: number): Promise<HeadMark | undefined> {
  const { rows } = await tx.run(moveHeadMarks, [channelId, userId, maxId]);
  return rows[0];
}

/** Same as {@link saveHeadMarks}, for the people who have read most of a thread. */
export async function saveThreadHeadMarks(tx: Tx, { channelId, topId, userId }: ThreadPerson, maxId: number): Promise<HeadMark | undefined> {
  const { rows } = await tx.run(moveThreadMarks, [channelId, userId, maxId, topId]);
  return rows[0];
}

/** Lists the authors of the last messages of a thread in a range of ids. */
export async function listRepliersBetween(tx: Tx, { channelId, topId }: Pick<ThreadPerson, 'channelId' | 'topId'>, range: { after: number; upTo: number }): Promise<bigint[]> {
  const { rows } = await tx.run(listRepliers, [channelId, topId, range.after, range.upTo]);
  return rows.map((row) => row.poster_id);
}

/** Lists the authors of the last messages in a range of ids, once for each topic. */
export async function listAuthorsBetween(tx: Tx, channelId: bigint, range: { after: number; upTo: number }): Promise<readonly ReadAuthor[]> {
  return (await tx.run(listAuthors, [channelId, range.after, range.upTo])).rows;
}
