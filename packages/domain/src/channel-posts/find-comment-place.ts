import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';

import { commentsIn } from '../events/index.ts';
import { type CommentPair, type CopyRow, findCopies } from '../channel-state/index.ts';
import type { AwaitedCopies } from './awaited-copies.ts';
import { accessPosts, type ChannelViewer, type PostReadDeps } from './access-posts.ts';

/** Where a post of a broadcast channel can be commented on. */
export interface CommentPlace {
  /** The plain id of the group. */
  groupId: bigint;
  /** When it was posted, in unix seconds. */
  date: number;
}

/**
 * Finds the group in which a post of a broadcast channel can be commented on.
 * @throws RpcError 400 MSG_ID_INVALID if there is no such group, or no longer, and as {@link accessPosts}
 */
export async function findCommentGroup(deps: PostReadDeps, viewer: ChannelViewer, postId: number): Promise<CommentPlace> {
  const { row, posts } = await accessPosts(deps, viewer, [postId]);
  const post = posts.get(postId);
  const groupId = commentsIn(post?.extra ?? null);
  if (post === undefined || groupId === undefined || groupId !== row.linked_chat_id) throw rpcError('MSG_ID_INVALID');
  return { groupId, date: post.date };
}

/**
 * Finds the message of a discussion group below which the comments on a post are.
 * @param waiting given to wait for the copy of a fresh post, which the group may not have yet
 * @throws RpcError 400 MSG_ID_INVALID if the group has no copy of the post, or not yet
 */
export async function findCommentRoot(db: Pick<Database, 'run'>, pair: CommentPair, postId: number, waiting?: { copies: AwaitedCopies; date: number }): Promise<number> {
  const find = async (): Promise<CopyRow | undefined> => (await findCopies(db, pair, [postId])).get(postId);
  const copy = await (waiting === undefined ? find() : waiting.copies.find({ ...pair, postId, date: waiting.date }, find));
  if (copy === undefined || copy.root_id === 0) throw rpcError('MSG_ID_INVALID');
  return copy.root_id;
}
