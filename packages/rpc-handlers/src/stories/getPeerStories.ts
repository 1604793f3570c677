import { PeerSet } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

export const getPeerStories = defineMethod({
  method: 'stories.getPeerStories',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stories',
  handler: async (ctx, { peer }) => {
    const user = await ctx.domain.peers.accessInputPeerUser(ctx.userId, peer);
    if (!user) throw rpcError('PEER_ID_INVALID');
    return {
      _: 'stories.peerStories',
      stories: { _: 'peerStories', peer: { _: 'peerUser', user_id: user.user_id }, stories: [] },
      ...(await ctx.domain.projectPeers(ctx.userId, new PeerSet([user.user_id]))),
    };
  },
});
