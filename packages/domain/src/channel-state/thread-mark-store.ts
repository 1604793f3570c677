import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import { GAP_BUCKET } from '../shared/index.ts';
import type { ThreadRow } from './thread-store.ts';

/** A thread of a channel, and what one person has written in it. */
export interface ThreadView extends Pick<ThreadRow, 'top_id' | 'count' | 'ordinal' | 'top_msg_id' | 'version'> {
  /** Messages of this person in the thread, deleted ones included. */
  own_posts: number;
  /** What the person has read; 0 for somebody who has never marked the thread as read. */
  read_max_id: number;
  read_ordinal: number;
  own_at_read: number;
  /** Up to which message another person has read it. */
  read_outbox_max_id: number;
}

// One statement, so that the numbers agree with each other while others write.
const readViews = defineStatement<ThreadView>(
  'read_thread_views',
  `SELECT t.top_id, t.count, t.ordinal, t.top_msg_id, t.version, COALESCE(m.own_posts, 0) AS own_posts,
          COALESCE(u.read_max_id, 0) AS read_max_id, COALESCE(u.read_ordinal, 0) AS read_ordinal, COALESCE(u.own_at_read, 0) AS own_at_read,
          CASE WHEN t.read_by = $1 THEN t.second_read_max_id ELSE t.read_max_id END AS read_outbox_max_id
     FROM channel_threads t
     LEFT JOIN thread_members m ON m.channel_id = t.channel_id AND m.top_id = t.top_id AND m.user_id = $1
     LEFT JOIN user_threads u ON u.owner_id = $1 AND u.channel_id = t.channel_id AND u.top_id = t.top_id
    WHERE t.channel_id = $2 AND t.top_id = ANY ($3::integer[])`,
);

// Everything in the thread up to the message before the first unread one counts as read, whether it still exists or not.
const countRead = defineStatement<{ read_ordinal: number | null; own: number }>(
  'count_read_replies',
  `SELECT (SELECT top_ordinal - 1 FROM channel_messages WHERE channel_id = $1 AND top_id = $2 AND msg_id > $4 ORDER BY msg_id LIMIT 1) AS read_ordinal,
          (SELECT count(*)::integer FROM channel_messages WHERE channel_id = $1 AND top_id = $2 AND msg_id > $3 AND msg_id <= $4 AND poster_id = $5) AS own`,
);

const countDeletedOwn = defineStatement<{ n: number }>(
  'count_own_deleted_replies',
  `SELECT COALESCE(sum(CASE WHEN g.bucket > $4::integer / ${GAP_BUCKET} AND g.bucket < $5::integer / ${GAP_BUCKET} THEN cardinality(array_positions(g.author_ids, $3::bigint))
                            ELSE (SELECT count(*) FROM unnest(g.ordinals, g.author_ids) AS d (ordinal, author_id)
                                   WHERE d.ordinal > $4 AND d.ordinal <= $5 AND d.author_id = $3) END), 0)::integer AS n
     FROM thread_gaps AS g WHERE g.channel_id = $1 AND g.top_id = $2 AND g.bucket BETWEEN $4::integer / ${GAP_BUCKET} AND $5::integer / ${GAP_BUCKET}`,
);

// As for unread posts of a channel: only the arrays of the row that contains the mark are unnested.
const countDeletedAfter = defineStatement<{ top_id: number; n: number }>(
  'count_deleted_replies',
  `SELECT w.top_id, sum(CASE WHEN g.bucket = w.after / ${GAP_BUCKET}
                             THEN (SELECT count(*) FROM unnest(g.ordinals, g.author_ids) AS d (ordinal, author_id) WHERE d.ordinal > w.after AND d.author_id <> $2)
                             ELSE cardinality(g.ordinals) - cardinality(array_positions(g.author_ids, $2::bigint)) END)::integer AS n
     FROM unnest($3::integer[], $4::integer[]) AS w (top_id, after)
     JOIN thread_gaps AS g ON g.channel_id = $1 AND g.top_id = w.top_id AND g.bucket >= w.after / ${GAP_BUCKET}
    GROUP BY w.top_id`,
);

const saveMark = defineStatement(
  'save_thread_mark',
  `INSERT INTO user_threads AS u (owner_id, channel_id, top_id, read_max_id, read_ordinal, own_at_read) VALUES ($1, $2, $3, $4, $5, $6)
   ON CONFLICT (owner_id, channel_id, top_id) DO UPDATE
      SET read_max_id = excluded.read_max_id, read_ordinal = excluded.read_ordinal, own_at_read = excluded.own_at_read WHERE u.read_max_id < excluded.read_max_id`,
);

/** The reading side of the methods of this module. */
type Reads = Pick<Database, 'run'>;

/** Somebody in a thread of a channel. */
export interface ThreadPerson {
  channelId: bigint;
  topId: number;
  userId: bigint;
}

/** Finds threads as one person sees them, by the ids of the messages that started them. Those without replies are left out. */
export async function findThreadViews(reads: Reads, userId: bigint, channelId: bigint, topIds: readonly number[]): Promise<Map<number, ThreadView>> {
  if (topIds.length === 0) return new Map();
  const { rows } = await reads.run(readViews, [userId, channelId, topIds]);
  return new Map(rows.map((row) => [row.top_id, row]));
}

/** A thread after somebody has read it up to a message, which is not older than the one up to which it was read before. */
export async function viewReadUpTo(reads: Reads, { channelId, topId, userId }: ThreadPerson, view: ThreadView, maxId: number): Promise<ThreadView> {
  const { read_ordinal: upTo, own } = (await reads.run(countRead, [channelId, topId, view.read_max_id, maxId, userId])).rows[0]!;
  if (upTo === null) return { ...view, read_max_id: maxId, read_ordinal: view.ordinal, own_at_read: view.own_posts };
  const deleted = (await reads.run(countDeletedOwn, [channelId, topId, userId, view.read_ordinal, upTo])).rows[0]!.n;
  return { ...view, read_max_id: maxId, read_ordinal: upTo, own_at_read: view.own_at_read + own + deleted };
}

/**
 * Counts the messages of threads that somebody has not read, by the ids of the messages that started them. Own messages and deleted ones do not count. The
 * messages themselves are not read.
 */
export async function countUnreadReplies(reads: Reads, userId: bigint, channelId: bigint, views: readonly ThreadView[]): Promise<Map<number, number>> {
  const behind = views.filter((view) => view.ordinal > view.read_ordinal);
  if (behind.length === 0) return new Map();
  const { rows } = await reads.run(countDeletedAfter, [channelId, userId, behind.map((view) => view.top_id), behind.map((view) => view.read_ordinal)]);
  const deleted = new Map(rows.map((row) => [row.top_id, row.n]));
  return new Map(behind.map((view) => [view.top_id, Math.max(0, view.ordinal - view.read_ordinal - (view.own_posts - view.own_at_read) - (deleted.get(view.top_id) ?? 0))]));
}

/** Stores how far somebody has read a thread. A mark that is further already stays. */
export async function saveThreadMark(tx: Tx, { channelId, topId, userId }: ThreadPerson, { read_max_id, read_ordinal, own_at_read }: ThreadView): Promise<void> {
  await tx.run(saveMark, [userId, channelId, topId, read_max_id, read_ordinal, own_at_read]);
}
