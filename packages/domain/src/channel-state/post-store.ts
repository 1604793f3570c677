import { markPeer } from '@aerogram/cluster';
import { type Database, defineStatement, sql, type Tx } from '@aerogram/storage';

import { channelIdOf, type PostRow, postOf, type Queries, type StoredPost } from '../events/index.ts';
import { addMessageFilesLast, dropMessageFiles, FilesInExtra } from '../documents/index.ts';
import { type HistoryWindow, listWindow, type UnreadTable } from '../messages/index.ts';
import { IS_PINNED } from './pinned-post-store.ts';
import { isInPart, type ThreadPart } from './thread-part.ts';

/** Messages that one transaction adds to a channel, and what changes with them. */
export interface InsertedPosts {
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
     INSERT INTO channel_messages (channel_id, msg_id, pts, ordinal, poster_id, from_id, signature, date, edit_date, flags, reply_to_msg_id, text, extra, ttl_period, top_id, top_ordinal)
     SELECT $1, * FROM unnest($2::integer[], $3::integer[], $4::integer[], $5::bigint[], $6::bigint[], $7::text[], $8::integer[], $9::integer[],
                              $10::integer[], $11::integer[], $12::text[], $13::bytea[], $14::integer[], $22::integer[], $23::integer[])
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
export function insertPosts(tx: Tx, { channelId, rows, sent, slowModeUntil }: InsertedPosts): void {
  addMessageFilesLast(tx, new FilesInExtra().refsOf(rows));
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
    rows.map((row) => row.top_id),
    rows.map((row) => row.top_ordinal),
  ]);
}

const updatePostRow = defineStatement(
  'update_post',
  'UPDATE channel_messages SET text = $3, extra = $4, flags = $5, edit_date = $6 WHERE channel_id = $1 AND msg_id = $2',
);

const deletePostRows = defineStatement<StoredPost>(
  'delete_posts',
  `WITH uncounted AS (DELETE FROM message_counts WHERE channel_id = $1 AND msg_id = ANY ($2::integer[])),
   uncommented AS (DELETE FROM post_comments WHERE channel_id = $1 AND msg_id = ANY ($2::integer[]))
   DELETE FROM channel_messages WHERE channel_id = $1 AND msg_id = ANY ($2::integer[]) RETURNING *`,
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
  const posts = rows.map(postOf);
  await dropMessageFiles(tx, posts.map(({ owner_id: ownerId, msg_id: msgId }) => ({ ownerId, msgId })));
  return posts;
}

/** Notes in the head of a channel that something other than a new message has happened: its date, and the message that is the newest now. */
export async function touchChannelHead(tx: Tx, channelId: bigint, date: number): Promise<void> {
  await tx.run(touchHead, [channelId, date]);
}

/** The result of an earlier send with the same random id. */
export interface PostKey {
  randomId: bigint;
  /** Who sent it, or, for the creation of a channel, the marked id of that channel. */
  peerId: bigint;
  msgId: number;
}

const findKeys = defineStatement<{ random_id: bigint; peer_id: bigint; msg_id: number }>(
  'find_post_keys',
  'SELECT random_id, peer_id, msg_id FROM send_keys WHERE owner_id = $1 AND random_id = ANY ($2::bigint[])',
);

const insertKey = defineStatement(
  'insert_creation_key',
  'INSERT INTO send_keys (owner_id, random_id, global_id, peer_id, msg_id, pts, pts_count, date) VALUES ($1, $2, 0, $3, $4, $5, 1, $6)',
);

/**
 * Finds what earlier sends with these random ids have made. Random ids that were never used are left out.
 * @param ownerId marked id of the channel; for the creation of a channel, its creator
 */
export async function findPostKeys(reader: Pick<Database, 'run'>, ownerId: bigint, randomIds: readonly bigint[]): Promise<PostKey[]> {
  const { rows } = await reader.run(findKeys, [ownerId, randomIds]);
  return rows.map(({ random_id, peer_id, msg_id }) => ({ randomId: random_id, peerId: peer_id, msgId: msg_id }));
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

/** Which messages of a channel {@link listPostIds} lists; it never lists the first one, which says that the channel was created, nor those with which topics begin. */
export interface PostSelection {
  /** The newest id; undefined for all. */
  maxId?: number;
  limit: number;
}

/** Lists ids of messages of a channel, newest first. */
export async function listPostIds(q: Queries, channelId: bigint, { maxId, limit }: PostSelection): Promise<number[]> {
  const rows = await q
    .selectFrom('channel_messages')
    .select('msg_id')
    .where('channel_id', '=', channelId)
    .where('msg_id', '>', 1)
    .where(sql<boolean>`top_id IS DISTINCT FROM msg_id`)
    .$if(maxId !== undefined, (query) => query.where('msg_id', '<=', maxId!))
    .orderBy('msg_id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => row.msg_id);
}

/** The ordinal of the newest message with an id up to this one, 0 if there is none. A deleted message counts if one after it, up to this id, still exists. */
export async function findOrdinalUpTo(q: Queries, channelId: bigint, msgId: number): Promise<number> {
  if (msgId === 0) return 0;
  const newest = await selectPosts(q, channelId).where('msg_id', '<=', msgId).orderBy('msg_id', 'desc').limit(1).executeTakeFirst();
  return newest?.ordinal ?? 0;
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
export interface PostWindow extends Pick<HistoryWindow, 'offsetId' | 'offsetDate' | 'addOffset' | 'limit' | 'maxId' | 'minId'> {
  /** Only pinned messages; offsets then count these messages only. */
  pinned?: boolean;
  /** Only replies of the thread that this message started; offsets then count these messages only. */
  topId?: number;
  /** Only messages with something that the viewer has not seen. */
  unseen?: { table: UnreadTable; viewerId: bigint };
  /** Only messages of this topic or thread. */
  part?: ThreadPart | undefined;
}

/** Reads a page of a channel's history, newest first. */
export function listPosts(q: Queries, channelId: bigint, window: PostWindow): Promise<readonly PostRow[]> {
  const peerId = markPeer({ _: 'peerChannel', channel_id: channelId });
  const select = () =>
    selectPosts(q, channelId)
      .$if(window.maxId > 0, (query) => query.where('msg_id', '<', window.maxId))
      .$if(window.minId > 0, (query) => query.where('msg_id', '>', window.minId))
      .$if(window.pinned === true, (query) => query.where(IS_PINNED))
      .$if(window.topId !== undefined, (query) => query.where('top_id', '=', window.topId!))
      .$if(window.part !== undefined, (query) => query.where(isInPart(window.part!)))
      .$if(window.unseen !== undefined, (query) =>
        query.where('msg_id', 'in', (listed) => listed.selectFrom(window.unseen!.table).select('msg_id').where('owner_id', '=', window.unseen!.viewerId).where('peer_id', '=', peerId)),
      );
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

const BYTES = 'octet_length(m.text) + COALESCE(octet_length(m.extra), 0)';

const readArrived = defineStatement<StoredPost & { bytes_before: unknown }>(
  'read_arrived_posts',
  `SELECT * FROM (
     SELECT m.*, sum(${BYTES}) OVER (ORDER BY m.pts ROWS UNBOUNDED PRECEDING) - (${BYTES}) AS bytes_before FROM channel_messages m
      WHERE m.channel_id = $1 AND m.pts > $2 AND m.pts <= $3 ORDER BY m.pts LIMIT $4) AS page
    WHERE bytes_before < $5::integer ORDER BY pts`,
);

/** A range of a channel's event sequence. */
export interface PtsRange {
  after: number;
  upTo: number;
  /** Maximum number of rows. */
  limit: number;
  /** The row with which the rows reach this size, in bytes, is the last one. */
  bytes: number;
}

/** Lists the messages that arrived after one pts and up to another one, in the order of pts. */
export async function listArrivedPosts(tx: Pick<Tx, 'run'>, channelId: bigint, { after, upTo, limit, bytes }: PtsRange): Promise<PostRow[]> {
  const { rows } = await tx.run(readArrived, [channelId, after, upTo, limit, bytes]);
  return rows.map(({ bytes_before: _bytes, ...row }) => postOf(row));
}

const readPostBytes = defineStatement<{ msg_id: number; bytes: number }>(
  'read_post_bytes',
  `SELECT m.msg_id, ${BYTES} AS bytes FROM channel_messages m WHERE m.channel_id = $1 AND m.msg_id = ANY ($2::integer[])`,
);

/** Reads the sizes of messages of a channel, in bytes, by message id. Ids that do not exist are left out. */
export async function findPostBytes(tx: Pick<Tx, 'run'>, channelId: bigint, msgIds: readonly number[]): Promise<Map<number, number>> {
  if (msgIds.length === 0) return new Map();
  const { rows } = await tx.run(readPostBytes, [channelId, msgIds]);
  return new Map(rows.map((row) => [row.msg_id, row.bytes]));
}

function selectPosts(q: Queries, channelId: bigint) {
  return q.selectFrom('channel_messages').selectAll().where('channel_id', '=', channelId);
}
