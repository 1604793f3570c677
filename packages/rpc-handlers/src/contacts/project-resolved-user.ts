import { PeerSet, type UserRow } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** Projects a user found by username or phone number. */
export async function projectResolvedUser(ctx: RpcContext, row: UserRow): Promise<tl.contacts.resolvedPeer> {
  return {
    _: 'contacts.resolvedPeer',
    peer: { _: 'peerUser', user_id: row.user_id },
    ...(await ctx.domain.projectPeers(ctx.userId, new PeerSet([row.user_id]))),
  };
}
