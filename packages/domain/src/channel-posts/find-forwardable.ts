import { ChannelFlag } from '../chats/index.ts';
import type { ForwardSource } from '../messages/index.ts';
import { accessPosts, type ChannelViewer, type PostReadDeps } from './access-posts.ts';

/**
 * Finds messages of a channel that a viewer wants to forward or to reply to in another chat. Ids that do not exist, or are hidden
 * from the viewer, are left out.
 * @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE if the viewer may not read the channel
 */
export async function findForwardable(deps: PostReadDeps, viewer: ChannelViewer, msgIds: readonly number[]): Promise<ForwardSource> {
  const { row, posts } = await accessPosts(deps, viewer, msgIds);
  return { rows: posts, isProtected: (row.flags & ChannelFlag.noforwards) !== 0 };
}
