import { checkPosting } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/**
 * Returns the peer, as a marked id, whose scheduled messages the caller wants to see.
 * @throws RpcError 400 CHAT_ADMIN_REQUIRED for a broadcast channel in which the caller may not post, and as `accessInputPeer`
 */
export async function accessScheduled(ctx: RpcContext, input: tl.InputPeer): Promise<bigint> {
  const peer = await ctx.domain.peers.accessInputPeerOrFormer(ctx.userId, input);
  if (peer.kind === 'channel' && peer.row.kind === 'broadcast') checkPosting(peer, ctx.clock.now());
  return peer.peerId;
}
