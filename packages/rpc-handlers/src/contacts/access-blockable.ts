import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/**
 * Resolves a peer that can be blocked: a user, or a channel or supergroup in whose name somebody writes comments.
 * @returns the marked id
 * @throws RpcError 400 PEER_ID_INVALID, MSG_ID_INVALID, and those of `accessInputPeerOrCommented`
 */
export async function accessBlockable(ctx: RpcContext, input: tl.InputPeer): Promise<bigint> {
  const { peers } = ctx.domain;
  const isChannel = input._ === 'inputPeerChannel' || input._ === 'inputPeerChannelFromMessage';
  return (await (isChannel ? peers.accessInputPeerOrCommented(ctx.userId, input) : peers.accessUserPeer(ctx.userId, input))).peerId;
}
