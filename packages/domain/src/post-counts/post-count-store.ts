import { type Database, defineStatement, type Tx } from '@aerogram/storage';

/** A post of a broadcast channel. */
export interface PostPlace {
  /** The plain id. */
  channelId: bigint;
  msgId: number;
}

/** How often a post was seen and forwarded. */
export interface Counts {
  views: number;
  forwards: number;
}

/** The counts of one post. */
export type CountedPost = PostPlace & Counts;

/** The counts of one post, and who wrote it. */
export interface FoundCounts extends CountedPost {
  /** The account, also where the post does not show its author. */
  posterId: bigint;
}

interface CountRow {
  channel_id: bigint;
  msg_id: number;
  views: number;
  forwards: number;
}

const readCounts = defineStatement<CountRow & { poster_id: bigint }>(
  'read_post_counts',
  `SELECT p.channel_id, p.msg_id, p.poster_id, COALESCE(c.views, 1) AS views, COALESCE(c.forwards, 0) AS forwards
     FROM unnest($1::bigint[], $2::integer[]) AS k (channel_id, msg_id)
     JOIN channel_messages p USING (channel_id, msg_id)
     LEFT JOIN message_counts c USING (channel_id, msg_id)`,
);

// Posts are counted in one order, so that two processes never wait for each other. What was deleted meanwhile is left out. A post begins with one view.
const addCounts = defineStatement<CountRow>(
  'add_post_counts',
  `INSERT INTO message_counts AS c (channel_id, msg_id, views, forwards)
   SELECT w.channel_id, w.msg_id, 1 + w.views, w.forwards
     FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::integer[]) AS w (channel_id, msg_id, views, forwards)
     JOIN channel_messages p USING (channel_id, msg_id)
    ORDER BY 1, 2
   ON CONFLICT (channel_id, msg_id) DO UPDATE
      SET views = LEAST(c.views::bigint + EXCLUDED.views - 1, 2147483647)::integer, forwards = LEAST(c.forwards::bigint + EXCLUDED.forwards, 2147483647)::integer
   RETURNING *`,
);

const countOf = ({ channel_id: channelId, msg_id: msgId, views, forwards }: CountRow): CountedPost => ({ channelId, msgId, views, forwards });

const placesOf = (posts: readonly PostPlace[]): [bigint[], number[]] => [posts.map(({ channelId }) => channelId), posts.map(({ msgId }) => msgId)];

/** Reads the counts of posts. Those that do not exist are left out. */
export async function findPostCounts(db: Pick<Database, 'run'>, posts: readonly PostPlace[]): Promise<FoundCounts[]> {
  return (await db.run(readCounts, placesOf(posts))).rows.map((row) => ({ ...countOf(row), posterId: row.poster_id }));
}

/** Adds to the counts of posts. @returns the new counts of those that exist */
export async function addPostCounts(tx: Tx, posts: readonly CountedPost[]): Promise<CountedPost[]> {
  const { rows } = await tx.run(addCounts, [...placesOf(posts), posts.map(({ views }) => views), posts.map(({ forwards }) => forwards)]);
  return rows.map(countOf);
}
