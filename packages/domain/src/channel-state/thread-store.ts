import { defineStatement, type SqlValue, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import type { PostRow } from '../events/index.ts';
import { GAP_BUCKET } from '../shared/index.ts';
import type { CommentThread } from './comment-orders.ts';

/** A thread of a supergroup, without what others have read of it. */
export type ThreadRow = Omit<Selectable<Tables['channel_threads']>, 'read_max_id' | 'read_by' | 'second_read_max_id'>;

/** How many of the last repliers a thread names; clients show three. */
const REPLIERS_MAX = 3;
/** How many of the newest replies are looked through for the last repliers once replies are deleted. */
const REPLIERS_OF = 50;

const readThreads = defineStatement<ThreadRow>('read_threads', 'SELECT * FROM channel_threads WHERE channel_id = $1 AND top_id = ANY ($2::integer[])');

const upsertThreads = defineStatement(
  'save_threads',
  `WITH counted AS (
     INSERT INTO thread_members AS m (channel_id, top_id, user_id, own_posts)
     SELECT $1, w.top_id, w.user_id, count(*) FROM unnest($7::integer[], $8::bigint[]) AS w (top_id, user_id) GROUP BY 2, 3
     ON CONFLICT (channel_id, top_id, user_id) DO UPDATE SET own_posts = m.own_posts + excluded.own_posts
   )
   INSERT INTO channel_threads AS t (channel_id, top_id, count, ordinal, top_msg_id, repliers, version, source_id, post_id, is_telling)
   SELECT $1, w.top_id, w.count, w.ordinal, w.top_msg_id, string_to_array(w.repliers, ',')::bigint[], w.version, w.source_id, w.post_id, w.is_telling
     FROM unnest($2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::text[], $9::integer[], $10::bigint[], $11::integer[], $12::boolean[])
       AS w (top_id, count, ordinal, top_msg_id, repliers, version, source_id, post_id, is_telling)
   ON CONFLICT (channel_id, top_id) DO UPDATE
      SET count = excluded.count, ordinal = excluded.ordinal, top_msg_id = excluded.top_msg_id, repliers = excluded.repliers, version = excluded.version,
          is_telling = excluded.is_telling`,
);

const readLatest = defineStatement<{ top_id: number; msg_id: number; from_id: bigint }>(
  'read_latest_replies',
  `SELECT w.top_id, p.msg_id, p.from_id
     FROM unnest($2::integer[]) AS w (top_id)
    CROSS JOIN LATERAL (SELECT msg_id, from_id FROM channel_messages
                         WHERE channel_id = $1 AND top_id = w.top_id AND top_id IS NOT NULL ORDER BY msg_id DESC LIMIT ${REPLIERS_OF}) AS p
    ORDER BY w.top_id, p.msg_id DESC`,
);

const insertGaps = defineStatement(
  'insert_thread_gaps',
  `INSERT INTO thread_gaps AS g (channel_id, top_id, bucket, ordinals, author_ids)
   SELECT $1, n.top_id, n.ordinal / ${GAP_BUCKET}, array_agg(n.ordinal), array_agg(n.author_id)
     FROM unnest($2::integer[], $3::integer[], $4::bigint[]) AS n (top_id, ordinal, author_id) GROUP BY 2, 3
   ON CONFLICT (channel_id, top_id, bucket) DO UPDATE SET ordinals = g.ordinals || excluded.ordinals, author_ids = g.author_ids || excluded.author_ids`,
);

const dropEmpty = defineStatement(
  'drop_empty_threads',
  `WITH gone AS (
     SELECT t.top_id FROM channel_threads t
      WHERE t.channel_id = $1 AND t.top_id = ANY ($2::integer[]) AND t.count = 0
        AND NOT EXISTS (SELECT FROM channel_messages m WHERE m.channel_id = $1 AND m.msg_id = t.top_id)
        AND NOT EXISTS (SELECT FROM forum_topics f WHERE f.channel_id = $1 AND f.topic_id = t.top_id AND NOT f.deleted)
   ), gaps AS (DELETE FROM thread_gaps g USING gone WHERE g.channel_id = $1 AND g.top_id = gone.top_id),
   members AS (DELETE FROM thread_members m USING gone WHERE m.channel_id = $1 AND m.top_id = gone.top_id)
   DELETE FROM channel_threads t USING gone WHERE t.channel_id = $1 AND t.top_id = gone.top_id`,
);

/** Reads threads of a channel, by the ids of the messages that started them. Messages to which nobody has replied are left out. */
export async function findThreads(reader: Pick<Tx, 'run'>, channelId: bigint, topIds: readonly number[]): Promise<Map<number, ThreadRow>> {
  if (topIds.length === 0) return new Map();
  const { rows } = await reader.run(readThreads, [channelId, topIds]);
  return new Map(rows.map((row) => [row.top_id, row]));
}

/** A thread before its first reply. Pure. */
export function emptyThread(channelId: bigint, topId: number): ThreadRow {
  return { channel_id: channelId, top_id: topId, count: 0, ordinal: 0, top_msg_id: 0, repliers: [], version: 0, source_id: null, post_id: null, is_telling: false };
}

/** The thread that a copy of a post starts, before its first comment. Pure. */
export function emptyComments({ msg_id, pts }: Pick<PostRow, 'msg_id' | 'pts'>, { groupId, channelId, postId }: Omit<CommentThread, 'rootId'>): ThreadRow {
  return { ...emptyThread(groupId, msg_id), version: pts, source_id: channelId, post_id: postId };
}

/** The comments that a thread consists of; undefined for a thread that is not about a post of a channel. Pure. */
export function commentsOf({ channel_id: groupId, top_id: rootId, source_id: channelId, post_id: postId }: ThreadRow): CommentThread | undefined {
  return channelId === null || postId === null ? undefined : { channelId, groupId, postId, rootId };
}

/** A thread after a new reply. Pure. */
export function withReply(thread: ThreadRow, { msg_id, from_id, pts }: Pick<PostRow, 'msg_id' | 'from_id' | 'pts'>): ThreadRow {
  const repliers = [from_id, ...thread.repliers.filter((id) => id !== from_id)].slice(0, REPLIERS_MAX);
  return { ...thread, count: thread.count + 1, ordinal: thread.ordinal + 1, top_msg_id: msg_id, repliers, version: pts };
}

/**
 * Writes threads together with the COMMIT. The caller holds the lock of the channel's counter.
 * @param posts the new messages in these threads
 */
export function saveThreadsLast(tx: Tx, channelId: bigint, threads: readonly ThreadRow[], posts: readonly PostRow[]): void {
  if (threads.length > 0) tx.runLast(upsertThreads, threadColumns(channelId, threads, posts));
}

/**
 * Corrects the threads from which messages were deleted, and forgets those that have neither a first message nor replies any more, unless they are topics: the
 * numbers of messages of a topic never begin anew, because read marks contain them. The caller holds the lock of the channel's counter and has deleted the
 * messages.
 * @param version pts of the deletion
 * @returns the comments on posts of which their channel must be told
 */
export async function shrinkThreads(tx: Tx, channelId: bigint, removed: readonly PostRow[], version: number): Promise<CommentThread[]> {
  const replies = removed.filter((post) => post.top_id !== null);
  const topIds = [...new Set(replies.map((post) => post.top_id!))];
  const mayBeEmpty = [...topIds, ...removed.map((post) => post.msg_id)];
  const threads = await findThreads(tx, channelId, mayBeEmpty);
  if (threads.size === 0) return [];
  const untold = [...threads.values()].filter((thread) => !thread.is_telling).flatMap((thread) => commentsOf(thread) ?? []);
  if (topIds.length > 0) {
    const { rows: latest } = await tx.run(readLatest, [channelId, topIds]);
    for (const topId of topIds) {
      const thread = threads.get(topId);
      if (thread === undefined) continue;
      const left = latest.filter((row) => row.top_id === topId);
      const repliers = [...new Set(left.map((row) => row.from_id))].slice(0, REPLIERS_MAX);
      const count = thread.count - replies.filter((post) => post.top_id === topId).length;
      threads.set(topId, { ...thread, count, top_msg_id: left[0]?.msg_id ?? 0, repliers, version, is_telling: thread.source_id !== null });
    }
    await tx.run(upsertThreads, threadColumns(channelId, topIds.flatMap((topId) => threads.get(topId) ?? []), []));
    await tx.run(insertGaps, [channelId, replies.map((post) => post.top_id), replies.map((post) => post.top_ordinal), replies.map((post) => post.poster_id)]);
  }
  await tx.run(dropEmpty, [channelId, [...threads.keys()]]);
  return untold;
}

function threadColumns(channelId: bigint, threads: readonly ThreadRow[], posts: readonly PostRow[]): SqlValue[] {
  return [
    channelId,
    threads.map((thread) => thread.top_id),
    threads.map((thread) => thread.count),
    threads.map((thread) => thread.ordinal),
    threads.map((thread) => thread.top_msg_id),
    // unnest() would flatten an array of arrays.
    threads.map((thread) => thread.repliers.join(',')),
    posts.map((post) => post.top_id),
    posts.map((post) => post.poster_id),
    threads.map((thread) => thread.version),
    threads.map((thread) => thread.source_id),
    threads.map((thread) => thread.post_id),
    threads.map((thread) => thread.is_telling),
  ];
}
