import { markPeer } from '@aerogram/cluster';
import { type Database, defineStatement, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import { ChannelFlag } from '../chats/index.ts';
import { channelIdOf, postOf, type PostRow, type StoredPost, unpackMessageExtra } from '../events/index.ts';
import { ALBUM_MAX } from '../messages/index.ts';
import type { CommentPair } from './comment-orders.ts';
import { copiedPostOf } from './post-copy.ts';

/** Which message of a discussion group copies a post. */
export type CopyRow = Selectable<Tables['post_copies']>;

/** What a copy needs of the channel: all of one moment. */
export interface CopySource {
  /** The group in which new posts can be commented on; null: there is none now. */
  groupId: bigint | null;
  isProtected: boolean;
  /** The pts of the channel at that moment. */
  version: number;
  /** Those of the posts that exist, the oldest first. */
  posts: PostRow[];
}

type Reads = Pick<Database, 'run'>;

/** Version in `post_comments` of a post that its group has no copy of, because the two were not linked any more when the copy was to be made. */
const UNCOPIED = -1;

// One statement, so that the posts are those of exactly the pts that it returns.
const readSource = defineStatement<{ linked_chat_id: bigint | null; channel_flags: number; channel_pts: number } & { [K in keyof StoredPost]: StoredPost[K] | null }>(
  'read_posts_to_copy',
  `SELECT c.linked_chat_id, c.flags AS channel_flags, n.pts AS channel_pts, m.*
     FROM channels c JOIN counters_now n ON n.owner_id = $2
     LEFT JOIN channel_messages m ON m.channel_id = c.channel_id AND m.msg_id = ANY ($3::integer[])
    WHERE c.channel_id = $1 ORDER BY m.msg_id`,
);

const readCopies = defineStatement<CopyRow>('read_post_copies', 'SELECT * FROM post_copies WHERE channel_id = $1 AND source_id = $2 AND post_id = ANY ($3::integer[])');

const upsertCopies = defineStatement(
  'save_post_copies',
  `INSERT INTO post_copies AS p (channel_id, source_id, post_id, msg_id, root_id, version)
   SELECT $1, $2, * FROM unnest($3::integer[], $4::integer[], $5::integer[], $6::integer[])
   ON CONFLICT (channel_id, source_id, post_id) DO UPDATE SET version = excluded.version`,
);

const listPostsToCopy = defineStatement<{ post_id: number }>(
  'list_posts_to_copy',
  `(SELECT post_id FROM post_copies WHERE channel_id = $1 AND source_id = $2 AND post_id > $3 AND msg_id > 0 ORDER BY post_id LIMIT $4)
    UNION (SELECT msg_id FROM post_comments WHERE channel_id = $2 AND msg_id > $3 AND version = ${UNCOPIED} ORDER BY msg_id LIMIT $4)
    ORDER BY post_id LIMIT $4`,
);

// The lock of the post keeps it from being deleted until its row is written, which is deleted with it.
const insertUncopied = defineStatement(
  'note_uncopied_posts',
  `INSERT INTO post_comments (channel_id, msg_id, root_id, count, max_id, repliers, is_closed, version)
   SELECT p.channel_id, p.msg_id, 0, 0, 0, '{}', true, ${UNCOPIED} FROM channel_messages p WHERE p.channel_id = $1 AND p.msg_id = ANY ($2::integer[]) FOR KEY SHARE
   ON CONFLICT (channel_id, msg_id) DO NOTHING`,
);

const deleteUncopied = defineStatement('forget_uncopied_posts', `DELETE FROM post_comments WHERE channel_id = $1 AND msg_id = ANY ($2::integer[]) AND version = ${UNCOPIED}`);

const readLiving = defineStatement<{ found: boolean }>('is_there_a_post', 'SELECT EXISTS (SELECT FROM channel_messages WHERE channel_id = $1 AND msg_id = $2) AS found');

const listAlbum = defineStatement<{ msg_id: number }>(
  'list_album_of_copy',
  `SELECT msg_id FROM post_copies WHERE channel_id = $1 AND source_id = $2 AND post_id >= $3 AND post_id < $3 + ${ALBUM_MAX} AND root_id = $4`,
);

/** Reads the posts of a channel that a discussion group copies. @returns undefined if there is no such channel */
export async function findCopySource(reads: Reads, channelId: bigint, postIds: readonly number[]): Promise<CopySource | undefined> {
  const { rows } = await reads.run(readSource, [channelId, markPeer({ _: 'peerChannel', channel_id: channelId }), postIds]);
  const [first] = rows;
  if (first === undefined) return undefined;
  const posts = rows.flatMap(({ linked_chat_id: _group, channel_flags: _flags, channel_pts: _pts, ...post }) => (isStored(post) ? [postOf(post)] : []));
  return { groupId: first.linked_chat_id, isProtected: (first.channel_flags & ChannelFlag.noforwards) !== 0, version: first.channel_pts, posts };
}

function isStored(post: { [K in keyof StoredPost]: StoredPost[K] | null }): post is StoredPost {
  return post.msg_id !== null;
}

/** Finds the copies that a group has of posts, by the ids of the posts. Posts that it has never copied are left out. */
export async function findCopies(reads: Reads, { groupId, channelId }: CommentPair, postIds: readonly number[]): Promise<Map<number, CopyRow>> {
  const { rows } = await reads.run(readCopies, [groupId, channelId, postIds]);
  return new Map(rows.map((row) => [row.post_id, row]));
}

/** Notes which messages copy posts, and up to which version, together with the COMMIT. The caller holds the lock of the group's counter. */
export function saveCopiesLast(tx: Tx, { groupId, channelId }: CommentPair, copies: readonly Omit<CopyRow, 'channel_id' | 'source_id'>[]): void {
  if (copies.length === 0) return;
  tx.runLast(upsertCopies, [groupId, channelId, copies.map((row) => row.post_id), copies.map((row) => row.msg_id), copies.map((row) => row.root_id), copies.map((row) => row.version)]);
}

/**
 * Lists the posts that {@link CommentOrders.copyAll} looks at: those that a group has copied, and those that it did not copy because the link had ended.
 * @param afterId the last post of the page before
 * @returns at most `limit` ids, ascending
 */
export async function listPostsToCopyAgain(reads: Reads, { groupId, channelId }: CommentPair, afterId: number, limit: number): Promise<number[]> {
  return (await reads.run(listPostsToCopy, [groupId, channelId, afterId, limit])).rows.map((row) => row.post_id);
}

/** Notes that posts have no comments because their group did not copy them in time. Posts that have or had comments keep theirs. */
export async function noteUncopied(tx: Tx, channelId: bigint, postIds: readonly number[]): Promise<void> {
  await tx.run(insertUncopied, [channelId, postIds]);
}

/** Forgets that posts were not copied: now they are. */
export async function forgetUncopied(tx: Tx, channelId: bigint, postIds: readonly number[]): Promise<void> {
  await tx.run(deleteUncopied, [channelId, postIds]);
}

/** The message that starts the thread of a message that is no reply: of a copied album always its first message. */
export async function findRootId(reads: Reads, message: PostRow): Promise<number> {
  const copied = copiedPostOf(message);
  if (copied === undefined || unpackMessageExtra(message.extra).groupedId === undefined) return message.msg_id;
  const groupId = channelIdOf(message.peer_id);
  const rootId = (await findCopies(reads, { groupId, channelId: copied.channelId }, [copied.postId])).get(copied.postId)?.root_id ?? message.msg_id;
  // Once the first message of the album is deleted, the others start threads of their own.
  const [root] = rootId === message.msg_id ? [] : (await reads.run(readLiving, [groupId, rootId])).rows;
  return root?.found === true ? rootId : message.msg_id;
}

/** The messages that belong to the one that starts a thread, itself included: all of a copied album. */
export async function listRootIds(reads: Reads, root: PostRow): Promise<number[]> {
  const copied = copiedPostOf(root);
  if (copied === undefined || unpackMessageExtra(root.extra).groupedId === undefined) return [root.msg_id];
  const { rows } = await reads.run(listAlbum, [channelIdOf(root.peer_id), copied.channelId, copied.postId, root.msg_id]);
  return rows.map((row) => row.msg_id);
}
