import { unmarkPeer } from '@aerogram/cluster';
import { PeerSet } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** Projects a peer found by username or phone number. @param peerId marked id */
export async function projectResolved(ctx: RpcContext, peerId: bigint): Promise<tl.contacts.resolvedPeer> {
  return { _: 'contacts.resolvedPeer', peer: unmarkPeer(peerId), ...(await ctx.domain.projectPeers(ctx.userId, new PeerSet([peerId]))) };
}
