import { defineMethod } from '@aerogram/rpc';

import { accessChannelPeer } from '../access-channel-peer.ts';

export const getBoostsList = defineMethod({
  method: 'premium.getBoostsList',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { peer }) {
    await accessChannelPeer(ctx, peer);
    return { _: 'premium.boostsList', count: 0, boosts: [], users: [] };
  },
});
