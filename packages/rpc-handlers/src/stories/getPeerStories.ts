import { unmarkPeer } from '@aerogram/cluster';
import { PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

export const getPeerStories = defineMethod({
  method: 'stories.getPeerStories',
  access: 'user',
  cost: 1,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  empty: 'stories',
  handler: async (ctx, { peer }) => {
    const { peerId } = await ctx.domain.peers.accessInputPeer(ctx.userId, peer);
    return {
      _: 'stories.peerStories',
      stories: { _: 'peerStories', peer: unmarkPeer(peerId), stories: [] },
      ...(await ctx.domain.projectPeers(ctx.userId, new PeerSet([peerId]))),
    };
  },
});
