import { rpcError } from '@aerogram/errors';

import { isAdmin } from '../chats/index.ts';
import type { PostRow } from '../events/index.ts';
import { accessPosts, type ChannelViewer, type PostReadDeps } from './access-posts.ts';

/** Messages of a supergroup that an admin reports as spam. */
export interface SpamReport extends ChannelViewer {
  /** Marked id of whom the messages show as their author. */
  authorId: bigint;
  msgIds: readonly number[];
}

/**
 * Finds messages that somebody may report as spam: admins of supergroups may, and the messages must be of this author.
 * @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE, CHAT_ADMIN_REQUIRED, MSG_ID_INVALID
 */
export async function accessSpam(deps: PostReadDeps, { authorId, msgIds, ...viewer }: SpamReport): Promise<PostRow[]> {
  const { row, standing, posts } = await accessPosts(deps, viewer, msgIds);
  if (row.kind === 'broadcast') throw rpcError('CHANNEL_INVALID');
  if (!isAdmin(standing)) throw rpcError('CHAT_ADMIN_REQUIRED');
  if (msgIds.some((id) => posts.get(id)?.from_id !== authorId)) throw rpcError('MSG_ID_INVALID');
  return [...posts.values()];
}
