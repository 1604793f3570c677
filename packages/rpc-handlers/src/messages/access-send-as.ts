import { RpcError, rpcError } from '@aerogram/errors';
import type { ResolvedPeer } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/**
 * Resolves the peer in whose name a caller wants to write. Whether the caller may is checked by the send.
 * @returns its marked id
 * @throws RpcError 400 SEND_AS_PEER_INVALID for a peer that the caller may not even see
 */
export async function accessSendAs(ctx: RpcContext, input: tl.InputPeer): Promise<bigint> {
  try {
    const { peerId } = await ctx.domain.peers.accessInputPeer(ctx.userId, input);
    return peerId;
  } catch (error) {
    if (error instanceof RpcError && error.code === 400) throw rpcError('SEND_AS_PEER_INVALID');
    throw error;
  }
}

/**
 * The peer in whose name a call writes to a peer; undefined if the call names none. Only in supergroups and channels, others than the caller can be named.
 * @returns its marked id
 * @throws RpcError 400 SEND_AS_PEER_INVALID
 */
export async function findAskedSendAs(ctx: RpcContext, to: ResolvedPeer, input: tl.InputPeer | undefined): Promise<bigint | undefined> {
  if (input === undefined) return undefined;
  const asId = await accessSendAs(ctx, input);
  if (to.kind !== 'channel' && asId !== ctx.userId) throw rpcError('SEND_AS_PEER_INVALID');
  return asId;
}
