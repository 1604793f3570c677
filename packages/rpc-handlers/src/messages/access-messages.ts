import type { MessageRow, PostRow, ResolvedPeer } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';

/**
 * Finds messages, all of which are in the caller's dialog with a peer, where the caller may see them.
 * @throws RpcError 400 MESSAGE_ID_INVALID
 */
export async function accessMessages(ctx: RpcContext, peer: ResolvedPeer, msgIds: readonly number[]): Promise<(MessageRow | PostRow)[]> {
  const { channels, messages } = ctx.domain;
  if (peer.kind === 'channel') {
    const found = await channels.at(peer.channelId).posts.find(ctx.userId, msgIds);
    if (msgIds.some((id) => !found.has(id))) throw rpcError('MESSAGE_ID_INVALID');
    return [...found.values()];
  }
  const found = await messages.find(ctx.userId, msgIds);
  if (msgIds.some((id) => found.get(id)?.peer_id !== peer.peerId)) throw rpcError('MESSAGE_ID_INVALID');
  return [...found.values()];
}
