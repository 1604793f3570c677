import type { MessageRow, PostRow, ResolvedPeer } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/**
 * Finds messages, all of which are in the caller's dialog with a peer, where the caller may see them.
 * @param error what the method answers otherwise
 * @throws RpcError 400 MESSAGE_ID_INVALID, or `error`
 */
export async function accessMessages(ctx: RpcContext, peer: ResolvedPeer, msgIds: readonly number[], error: 'MESSAGE_ID_INVALID' | 'MSG_ID_INVALID' = 'MESSAGE_ID_INVALID'): Promise<(MessageRow | PostRow)[]> {
  const { channels, messages } = ctx.domain;
  if (peer.kind === 'channel') {
    const found = await channels.at(peer.channelId).posts.find(ctx.userId, msgIds);
    if (msgIds.some((id) => !found.has(id))) throw rpcError(error);
    return [...found.values()];
  }
  const found = await messages.find(ctx.userId, msgIds);
  if (msgIds.some((id) => found.get(id)?.peer_id !== peer.peerId)) throw rpcError(error);
  return [...found.values()];
}

/**
 * Resolves the peer about which a request asks: also a basic group that the caller has left, and a discussion group in which the caller reads the comments only.
 * Throws as `accessInputPeer`.
 */
export function accessPeerInSight(ctx: RpcContext, input: tl.InputPeer): Promise<ResolvedPeer> {
  const { peers } = ctx.domain;
  return input._ === 'inputPeerChat' ? peers.accessInputPeerOrFormer(ctx.userId, input) : peers.accessInputPeerOrCommented(ctx.userId, input);
}
