import type { ResolvedChannel } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** Resolves the peer of a method that works for supergroups and channels only. @throws RpcError 400 PEER_ID_INVALID for people and basic groups, and the errors of `accessInputPeer` */
export async function accessChannelPeer(ctx: RpcContext, input: tl.InputPeer): Promise<ResolvedChannel> {
  const peer = await ctx.domain.peers.accessInputPeer(ctx.userId, input);
  if (peer.kind !== 'channel') throw rpcError('PEER_ID_INVALID');
  return peer;
}

/** The same for a method about comments, also for those who may read these only; see `accessInputPeerOrCommented`. Throws as {@link accessChannelPeer}. */
export async function accessCommentedPeer(ctx: RpcContext, input: tl.InputPeer): Promise<ResolvedChannel> {
  const peer = await ctx.domain.peers.accessInputPeerOrCommented(ctx.userId, input);
  if (peer.kind !== 'channel') throw rpcError('PEER_ID_INVALID');
  return peer;
}
