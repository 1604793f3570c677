import type { UserRow } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** A peer that can be blocked: a user. @throws RpcError 400 PEER_ID_INVALID, MSG_ID_INVALID */
export async function accessBlockable(ctx: RpcContext, input: tl.InputPeer): Promise<UserRow> {
  const user = await ctx.domain.peers.accessInputPeerUser(ctx.userId, input);
  if (!user) throw rpcError('PEER_ID_INVALID');
  return user;
}
