import type { UserRow } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** Returns a peer that can be blocked: a user. @throws RpcError 400 PEER_ID_INVALID, MSG_ID_INVALID */
export async function accessBlockable(ctx: RpcContext, input: tl.InputPeer): Promise<UserRow> {
  return (await ctx.domain.peers.accessUserPeer(ctx.userId, input)).row;
}
