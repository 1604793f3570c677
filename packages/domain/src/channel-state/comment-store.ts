import { type Database, defineStatement, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import { ALBUM_MAX } from '../messages/index.ts';
import type { CommentThread } from './comment-orders.ts';

/** What a post shows of the comments on it. */
export type CommentsRow = Selectable<Tables['post_comments']>;

/** The comments on a post, or on each post of an album, as their group knows them. */
export interface ToldComments extends Pick<CommentsRow, 'count' | 'max_id' | 'repliers' | 'is_closed' | 'version'> {
  post_ids: number[];
}

const takeThread = defineStatement<Omit<ToldComments, 'version'>>(
  'take_told_thread',
  `WITH taken AS (UPDATE channel_threads SET is_telling = false WHERE channel_id = $1 AND top_id = $2 RETURNING count, top_msg_id, repliers)
   SELECT COALESCE(t.count, 0) AS count, COALESCE(t.top_msg_id, 0) AS max_id, COALESCE(t.repliers, '{}') AS repliers,
          NOT EXISTS (SELECT FROM channel_messages WHERE channel_id = $1 AND msg_id = $2) AS is_closed,
          ARRAY(SELECT post_id FROM post_copies WHERE channel_id = $1 AND source_id = $3 AND post_id >= $4 AND post_id < $4 + ${ALBUM_MAX} AND root_id = $2) AS post_ids
     FROM (VALUES (1)) AS one LEFT JOIN taken t ON true`,
);

// The lock of the post keeps it from being deleted until its row is written, which is deleted with it.
const upsertComments = defineStatement(
  'save_post_comments',
  `INSERT INTO post_comments AS c (channel_id, msg_id, root_id, count, max_id, repliers, is_closed, version)
   SELECT p.channel_id, p.msg_id, $3::integer, $4::integer, $5::integer, $6::bigint[], $7::boolean, $8::integer
     FROM channel_messages p WHERE p.channel_id = $1 AND p.msg_id = ANY ($2::integer[]) ORDER BY p.msg_id FOR KEY SHARE
   ON CONFLICT (channel_id, msg_id) DO UPDATE
      SET root_id = excluded.root_id, count = excluded.count, max_id = excluded.max_id, repliers = excluded.repliers, is_closed = excluded.is_closed, version = excluded.version
    WHERE c.version < excluded.version`,
);

/** A post that shows in which group it can be commented on. Plain ids. */
export interface CommentablePost {
  channelId: bigint;
  postId: number;
  groupId: bigint;
}

/** What a post shows; without comments all but `is_linked` is null. */
export type ShownComments = { channel_id: bigint; msg_id: number; is_linked: boolean } & { [K in 'root_id' | 'count' | 'max_id' | 'repliers' | 'is_closed' | 'version']: CommentsRow[K] | null };

const readShown = defineStatement<ShownComments>(
  'read_shown_comments',
  `SELECT w.channel_id, w.msg_id, COALESCE(c.linked_chat_id = w.group_id, false) AS is_linked, s.root_id, s.count, s.max_id, s.repliers, s.is_closed, s.version
     FROM unnest($1::bigint[], $2::integer[], $3::bigint[]) AS w (channel_id, msg_id, group_id)
     JOIN channels c USING (channel_id) LEFT JOIN post_comments s USING (channel_id, msg_id)`,
);

/** Reads the comments on a post in their group, and notes that no job waits any more that tells of them. The caller holds the lock of the group's counter. */
export async function takeComments(tx: Tx, { groupId, rootId, channelId, postId }: CommentThread): Promise<Omit<ToldComments, 'version'>> {
  return (await tx.run(takeThread, [groupId, rootId, channelId, postId])).rows[0]!;
}

/** Writes what a post, or each post of an album, shows of the comments, if nothing newer has been written. A post that does not exist any more shows nothing. */
export async function saveComments(tx: Tx, { channelId, rootId }: Omit<CommentThread, 'postId'>, told: ToldComments): Promise<void> {
  await tx.run(upsertComments, [channelId, told.post_ids, rootId, told.count, told.max_id, told.repliers, told.is_closed, told.version]);
}

/** Finds what posts show of the comments on them. */
export async function findShownComments(reads: Pick<Database, 'run'>, posts: readonly CommentablePost[]): Promise<ShownComments[]> {
  return (await reads.run(readShown, [posts.map((post) => post.channelId), posts.map((post) => post.postId), posts.map((post) => post.groupId)])).rows;
}
