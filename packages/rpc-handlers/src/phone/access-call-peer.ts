import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** Checks that a video chat could be in a group or channel that a request names. @throws RpcError 400 PEER_ID_INVALID (it is a person), and as `accessInputPeer` */
export async function checkCallPeer(ctx: RpcContext, input: tl.InputPeer): Promise<void> {
  const { kind } = await ctx.domain.peers.accessInputPeer(ctx.userId, input);
  if (kind !== 'chat' && kind !== 'channel') throw rpcError('PEER_ID_INVALID');
}
