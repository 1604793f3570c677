import type { NotifyScope } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** What notification settings are about. @throws RpcError 400 PEER_ID_INVALID */
export async function accessNotifyScope(ctx: RpcContext, input: tl.InputNotifyPeer): Promise<NotifyScope> {
  switch (input._) {
    case 'inputNotifyUsers':
      return 'users';
    case 'inputNotifyChats':
      return 'chats';
    case 'inputNotifyBroadcasts':
      return 'broadcasts';
    case 'inputNotifyPeer': {
      const user = await ctx.domain.peers.accessInputPeerUser(ctx.userId, input.peer);
      if (!user) throw rpcError('PEER_ID_INVALID');
      return { peer: { _: 'peerUser', user_id: user.user_id } };
    }
    case 'inputNotifyForumTopic':
    case 'inputNotifyCommunity':
      throw rpcError('PEER_ID_INVALID');
  }
}
