import { defineMethod } from '@aerogram/rpc';

import { accessChannelPeer } from '../access-channel-peer.ts';

export const getUserBoosts = defineMethod({
  method: 'premium.getUserBoosts',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  async handler(ctx, { peer, user_id }) {
    await accessChannelPeer(ctx, peer);
    await ctx.domain.peers.accessInputUser(ctx.userId, user_id);
    return { _: 'premium.boostsList', count: 0, boosts: [], users: [] };
  },
});
