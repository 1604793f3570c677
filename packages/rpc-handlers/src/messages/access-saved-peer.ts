import { markNamedPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/**
 * The peer from which messages in Saved Messages came, as a marked id. Of groups and channels the right to them is not checked: the id only
 * selects among the caller's own messages, and they stay the caller's when the group or channel is lost.
 * @throws RpcError 400 PEER_ID_INVALID for ids that no group or channel can have; as `accessInputPeer` for users
 */
export async function accessSavedPeer(ctx: RpcContext, input: tl.InputPeer): Promise<bigint> {
  const named = namedChat(input);
  if (named === undefined) return (await ctx.domain.peers.accessInputPeer(ctx.userId, input)).peerId;
  const peerId = markNamedPeer(named);
  if (peerId === undefined) throw rpcError('PEER_ID_INVALID');
  return peerId;
}

/** The group or channel that a client names; undefined for users. */
function namedChat(input: tl.InputPeer): tl.peerChat | tl.peerChannel | undefined {
  switch (input._) {
    case 'inputPeerChat':
      return { _: 'peerChat', chat_id: input.chat_id };
    case 'inputPeerChannel':
    case 'inputPeerChannelFromMessage':
      return { _: 'peerChannel', channel_id: input.channel_id };
    default:
      return undefined;
  }
}
