import { defineStatement, sql, type Tx } from '@aerogram/storage';

import { channelIdOf, type PostRow, postOf, type Queries, type StoredPost } from '../events/index.ts';
import { type HistoryWindow, listWindow } from '../messages/index.ts';

/** Messages that one transaction adds to a channel, and what changes with them. */
export interface NewPosts {
  channelId: bigint;
  rows: readonly PostRow[];
  /** The sends that they come from, so that a repeat of a send is recognised. */
  sent: readonly { randomId: bigint; row: PostRow }[];
  /** When slow mode lets the poster write again, in unix seconds; 0 if there is no such limit. */
  slowModeUntil: number;
}

// The number of rows written does not depend on the number of members.
const insertPostRows = defineStatement(
  'insert_posts',
  `WITH posted AS (
     INSERT INTO channel_messages (channel_id, msg_id, pts, ordinal, poster_id, from_id, signature, date, edit_date, flags, reply_to_msg_id, text, extra, ttl_period)
     SELECT $1, * FROM unnest($2::integer[], $3::integer[], $4::integer[], $5::bigint[], $6::bigint[], $7::text[], $8::integer[], $9::integer[],
                              $10::integer[], $11::integer[], $12::text[], $13::bytea[], $14::integer[])
   ), noted AS (
     INSERT INTO send_keys (owner_id, random_id, global_id, peer_id, msg_id, pts, pts_count, date)
     SELECT k.owner_id, k.random_id, 0, k.poster_id, k.msg_id, k.pts, 1, k.date
       FROM unnest($15::bigint[], $16::bigint[], $17::bigint[], $18::integer[], $19::integer[], $20::integer[]) AS k (owner_id, random_id, poster_id, msg_id, pts, date)
   ), counted AS (
     UPDATE channel_members m SET own_posts = m.own_posts + n.posts, slow_mode_until = GREATEST(m.slow_mode_until, $21::integer)
       FROM (SELECT p AS poster_id, count(*)::integer AS posts FROM unnest($5::bigint[]) AS p GROUP BY p) AS n
      WHERE m.channel_id = $1 AND m.user_id = n.poster_id
   )
   UPDATE channel_heads h SET top_msg_id = n.msg_id, top_date = n.date, ordinal = n.ordinal, changed_date = n.date
     FROM unnest($2::integer[], $4::integer[], $8::integer[]) AS n (msg_id, ordinal, date)
    WHERE h.channel_id = $1 AND n.msg_id = (SELECT max(m) FROM unnest($2::integer[]) AS m)`,
);

/** Writes the messages of one channel, together with the COMMIT. The caller holds the lock of the channel's counter. */
export function insertPosts(tx: Tx, { channelId, rows, sent, slowModeUntil }: NewPosts): void {
  tx.runLast(insertPostRows, [
    channelId,
    rows.map((row) => row.msg_id),
    rows.map((row) => row.pts),
    rows.map((row) => row.ordinal),
    rows.map((row) => row.poster_id),
    rows.map((row) => row.from_id),
    rows.map((row) => row.signature),
    rows.map((row) => row.date),
    rows.map((row) => row.edit_date),
    rows.map((row) => row.flags),
    rows.map((row) => row.reply_to_msg_id),
    rows.map((row) => row.text),
    rows.map((row) => row.extra),
    rows.map((row) => row.ttl_period),
    sent.map(({ row }) => row.owner_id),
    sent.map(({ randomId }) => randomId),
    sent.map(({ row }) => row.poster_id),
    sent.map(({ row }) => row.msg_id),
    sent.map(({ row }) => row.pts),
    sent.map(({ row }) => row.date),
    slowModeUntil,
  ]);
}

const updatePostRow = defineStatement(
  'update_post',
  'UPDATE channel_messages SET text = $3, extra = $4, flags = $5, edit_date = $6 WHERE channel_id = $1 AND msg_id = $2',
);

const deletePostRows = defineStatement<StoredPost>(
  'delete_posts',
  'DELETE FROM channel_messages WHERE channel_id = $1 AND msg_id = ANY ($2::integer[]) RETURNING *',
);

const touchHead = defineStatement(
  'touch_channel_head',
  `UPDATE channel_heads h SET changed_date = $2, top_msg_id = t.msg_id, top_date = t.date
     FROM (SELECT msg_id, date FROM channel_messages WHERE channel_id = $1 ORDER BY msg_id DESC LIMIT 1) AS t
    WHERE h.channel_id = $1`,
);

/** Writes what an edit may change. */
export async function updatePost(tx: Tx, channelId: bigint, row: PostRow): Promise<void> {
  await tx.run(updatePostRow, [channelId, row.msg_id, row.text, row.extra, row.flags, row.edit_date]);
}

/** Deletes messages. @returns those that existed */
export async function removePosts(tx: Tx, channelId: bigint, msgIds: readonly number[]): Promise<PostRow[]> {
  const { rows } = await tx.run(deletePostRows, [channelId, msgIds]);
  return rows.map(postOf);
}

/** Notes in the head of a channel that something other than a new message has happened: its date, and the message that is the newest now. */
export async function touchChannelHead(tx: Tx, channelId: bigint, date: number): Promise<void> {
  await tx.run(touchHead, [channelId, date]);
}

/** The result of an earlier send with the same random id. */
export interface PostKey {
  /** Who sent it, or, for the creation of a channel, the marked id of that channel. */
  peerId: bigint;
  msgId: number;
}

const findKey = defineStatement<{ peer_id: bigint; msg_id: number }>(
  'find_post_key',
  'SELECT peer_id, msg_id FROM send_keys WHERE owner_id = $1 AND random_id = $2',
);

const insertKey = defineStatement(
  'insert_creation_key',
  'INSERT INTO send_keys (owner_id, random_id, global_id, peer_id, msg_id, pts, pts_count, date) VALUES ($1, $2, 0, $3, $4, $5, 1, $6)',
);

/**
 * Finds what an earlier send with this random id has made.
 * @param ownerId marked id of the channel; for the creation of a channel, its creator
 */
export async function findPostKey(tx: Tx, ownerId: bigint, randomId: bigint): Promise<PostKey | undefined> {
  const { rows } = await tx.run(findKey, [ownerId, randomId]);
  return rows[0] && { peerId: rows[0].peer_id, msgId: rows[0].msg_id };
}

/** Records which channel a call has created, so that a repeat of the call creates no second one. */
export async function saveCreationKey(tx: Tx, randomId: bigint, first: PostRow): Promise<void> {
  await tx.run(insertKey, [first.poster_id, randomId, first.owner_id, first.msg_id, first.pts, first.date]);
}

/** Finds messages of a channel by id. Ids that do not exist are left out. */
export async function findPosts(q: Queries, channelId: bigint, msgIds: readonly number[]): Promise<Map<number, PostRow>> {
  if (msgIds.length === 0) return new Map();
  const rows = await selectPosts(q, channelId).where('msg_id', '=', sql<number>`ANY (${[...msgIds]}::integer[])`).execute();
  return new Map(rows.map((row) => [row.msg_id, postOf(row)]));
}

const readPostsAt = defineStatement<StoredPost>(
  'read_posts_at',
  `SELECT p.* FROM unnest($1::bigint[], $2::integer[]) AS k (channel_id, msg_id) JOIN channel_messages p USING (channel_id, msg_id)`,
);

/** Lists those of these messages, of any channels, that exist. Channels are given by their marked ids. */
export async function listPostsAt(reads: Pick<Tx, 'run'>, places: readonly { peerId: bigint; msgId: number }[]): Promise<PostRow[]> {
  if (places.length === 0) return [];
  const { rows } = await reads.run(readPostsAt, [places.map(({ peerId }) => channelIdOf(peerId)), places.map(({ msgId }) => msgId)]);
  return rows.map(postOf);
}

/** The part of a channel's history that a client asks for, as for {@link HistoryWindow}. */
export type PostWindow = Pick<HistoryWindow, 'offsetId' | 'offsetDate' | 'addOffset' | 'limit' | 'maxId' | 'minId'>;

/** Reads a page of a channel's history, newest first. */
export function listPosts(q: Queries, channelId: bigint, window: PostWindow): Promise<readonly PostRow[]> {
  const select = () =>
    selectPosts(q, channelId)
      .$if(window.maxId > 0, (query) => query.where('msg_id', '<', window.maxId))
      .$if(window.minId > 0, (query) => query.where('msg_id', '>', window.minId));
  return listWindow<PostRow>(q, window, {
    async listOlder(before, { offset, limit }) {
      const rows = await select()
        .$if(before !== undefined, (query) => query.where('msg_id', '<', before!))
        .orderBy('msg_id', 'desc')
        .offset(offset)
        .limit(limit)
        .execute();
      return rows.map(postOf);
    },
    listNewer: async (from, limit) => (await select().where('msg_id', '>=', from).orderBy('msg_id', 'asc').limit(limit).execute()).map(postOf),
    newestUpTo: (id) => sql`SELECT msg_id, date FROM channel_messages WHERE channel_id = ${channelId} AND msg_id <= ${id} ORDER BY msg_id DESC LIMIT 1`,
  });
}

const readArrived = defineStatement<StoredPost>(
  'read_arrived_posts',
  'SELECT * FROM channel_messages WHERE channel_id = $1 AND pts > $2 AND pts <= $3 ORDER BY pts LIMIT $4',
);

/** Lists the messages that arrived after one pts and up to another one, in the order of pts. */
export async function listArrivedPosts(tx: Pick<Tx, 'run'>, channelId: bigint, range: { after: number; upTo: number; limit: number }): Promise<PostRow[]> {
  const { rows } = await tx.run(readArrived, [channelId, range.after, range.upTo, range.limit]);
  return rows.map(postOf);
}

function selectPosts(q: Queries, channelId: bigint) {
  return q.selectFrom('channel_messages').selectAll().where('channel_id', '=', channelId);
}
