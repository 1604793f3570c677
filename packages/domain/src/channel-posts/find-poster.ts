import { rpcError } from '@aerogram/errors';

import { checkRight } from '../chats/index.ts';
import { accessPosts, type ChannelViewer, type PostReadDeps } from './access-posts.ts';

/**
 * Finds out which admin wrote a post that shows the channel as its author. Only other admins of the channel may know.
 * @returns the id of the user
 * @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE, CHAT_ADMIN_REQUIRED, MESSAGE_ID_INVALID (no such post, one that is hidden from the
 * viewer, or not of a broadcast channel)
 */
export async function findPoster(deps: PostReadDeps, viewer: ChannelViewer, msgId: number): Promise<bigint> {
  const { row, standing, posts } = await accessPosts(deps, viewer, [msgId]);
  if (row.kind !== 'broadcast') throw rpcError('MESSAGE_ID_INVALID');
  // In broadcast channels, only admins may see who the members are.
  checkRight(standing, 'view_members');
  const post = posts.get(msgId);
  if (post === undefined) throw rpcError('MESSAGE_ID_INVALID');
  return post.poster_id;
}
