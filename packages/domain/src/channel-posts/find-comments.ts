import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';

import { commentsIn } from '../events/index.ts';
import { type CommentPair, findCopies } from '../channel-state/index.ts';
import { accessPosts, type ChannelViewer, type PostReadDeps } from './access-posts.ts';

/**
 * Finds the group in which a post of a broadcast channel can be commented on.
 * @returns the plain id
 * @throws RpcError 400 MSG_ID_INVALID if there is no such group, or no longer, and as {@link accessPosts}
 */
export async function findCommentGroup(deps: PostReadDeps, viewer: ChannelViewer, postId: number): Promise<bigint> {
  const { row, posts } = await accessPosts(deps, viewer, [postId]);
  const groupId = commentsIn(posts.get(postId)?.extra ?? null);
  if (groupId === undefined || groupId !== row.linked_chat_id) throw rpcError('MSG_ID_INVALID');
  return groupId;
}

/**
 * Finds the message of a discussion group below which the comments on a post are.
 * @throws RpcError 400 MSG_ID_INVALID if the group has no copy of the post, or not yet
 */
export async function findCommentRoot(db: Pick<Database, 'run'>, pair: CommentPair, postId: number): Promise<number> {
  const copy = (await findCopies(db, pair, [postId])).get(postId);
  if (copy === undefined || copy.root_id === 0) throw rpcError('MSG_ID_INVALID');
  return copy.root_id;
}
