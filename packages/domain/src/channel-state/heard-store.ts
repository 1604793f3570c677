import { type Database, defineStatement, sql, type Tx } from '@aerogram/storage';

import { channelIdOf, type PostRow, type Queries } from '../events/index.ts';

const insertRows = defineStatement<{ user_id: bigint; msg_id: number }>(
  'insert_heard_posts',
  `INSERT INTO heard_posts (channel_id, msg_id, user_id, date)
   SELECT $1, w.msg_id, w.user_id, $4 FROM unnest($2::integer[], $3::bigint[]) AS w (msg_id, user_id) ON CONFLICT DO NOTHING RETURNING user_id, msg_id`,
);

const readHearers = defineStatement<{ user_id: bigint }>(
  'find_hearers',
  'SELECT DISTINCT user_id FROM heard_posts WHERE channel_id = $1 AND msg_id = ANY ($2::integer[])',
);

/**
 * Records that users have played messages of a channel.
 * @returns what was not recorded before
 */
export async function insertHeard(tx: Tx, channelId: bigint, heard: readonly { msgId: number; userId: bigint }[], date: number): Promise<{ msgId: number; userId: bigint }[]> {
  if (heard.length === 0) return [];
  const { rows } = await tx.run(insertRows, [channelId, heard.map(({ msgId }) => msgId), heard.map(({ userId }) => userId), date]);
  return rows.map((row) => ({ msgId: row.msg_id, userId: row.user_id }));
}

/** Finds those of these messages that a user has played, or, if the user is the author, that anybody has. */
export async function findHeard<R extends Pick<PostRow, 'peer_id' | 'msg_id'>>(q: Queries, userId: bigint, posts: readonly R[]): Promise<R[]> {
  if (posts.length === 0) return [];
  const { rows } = await sql<{ at: number }>`
    SELECT w.at FROM unnest(${posts.map((post) => channelIdOf(post.peer_id))}::bigint[], ${posts.map((post) => post.msg_id)}::integer[], ${posts.map((_, at) => at)}::integer[])
        AS w (channel_id, msg_id, at)
      JOIN heard_posts h ON h.channel_id = w.channel_id AND h.msg_id = w.msg_id AND h.user_id = ${userId}`.execute(q);
  return rows.map(({ at }) => posts[at]!);
}

/** Lists the users for whom any of these messages of a channel counts as played. */
export async function listHearers(db: Pick<Database, 'run'>, channelId: bigint, msgIds: readonly number[]): Promise<bigint[]> {
  return msgIds.length === 0 ? [] : (await db.run(readHearers, [channelId, msgIds])).rows.map((row) => row.user_id);
}

/** Deletes what was recorded before a date (unix seconds). */
export async function removeHeard(tx: Tx, beforeDate: number): Promise<void> {
  await tx.q.deleteFrom('heard_posts').where('date', '<', beforeDate).execute();
}
