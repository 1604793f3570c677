import { unmarkPeer } from '@aerogram/cluster';
import type { NotifyScope } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** Returns the scope of notification settings. @throws RpcError 400 PEER_ID_INVALID, MSG_ID_INVALID for a topic that does not exist, and as `accessInputPeer` */
export async function accessNotifyScope(ctx: RpcContext, input: tl.InputNotifyPeer): Promise<NotifyScope> {
  switch (input._) {
    case 'inputNotifyUsers':
      return 'users';
    case 'inputNotifyChats':
      return 'chats';
    case 'inputNotifyBroadcasts':
      return 'broadcasts';
    case 'inputNotifyPeer': {
      const { peerId } = await ctx.domain.peers.accessInputPeerOrFormer(ctx.userId, input.peer);
      return { peer: unmarkPeer(peerId) };
    }
    case 'inputNotifyForumTopic': {
      const peer = await ctx.domain.peers.accessInputPeer(ctx.userId, input.peer);
      if (peer.kind !== 'channel') throw rpcError('PEER_ID_INVALID');
      const topId = await ctx.domain.channels.at(peer.channelId).posts.findTopicId(ctx.userId, input.top_msg_id);
      if (topId !== input.top_msg_id) throw rpcError('MSG_ID_INVALID');
      return { peer: unmarkPeer(peer.peerId), topId };
    }
    case 'inputNotifyCommunity':
      throw rpcError('PEER_ID_INVALID');
  }
}
