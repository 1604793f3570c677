import { markPeer } from '@aerogram/cluster';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/**
 * The peer from which messages in Saved Messages came, as a marked id. Of groups and channels the right to them is not checked: the id only
 * selects among the caller's own messages, and they stay the caller's when the group or channel is lost.
 * @throws RpcError as `accessInputPeer` for users
 */
export async function accessSavedPeer(ctx: RpcContext, input: tl.InputPeer): Promise<bigint> {
  switch (input._) {
    case 'inputPeerChat':
      return markPeer({ _: 'peerChat', chat_id: input.chat_id });
    case 'inputPeerChannel':
    case 'inputPeerChannelFromMessage':
      return markPeer({ _: 'peerChannel', channel_id: input.channel_id });
    default:
      return (await ctx.domain.peers.accessInputPeer(ctx.userId, input)).peerId;
  }
}
