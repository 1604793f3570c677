import { defineMethod } from '@aerogram/rpc';

import { accessBoosted } from './access-boosted.ts';

export const getBoostsList = defineMethod({
  method: 'premium.getBoostsList',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'boosts',
  async handler(ctx, { peer }) {
    await accessBoosted(ctx, peer);
    return { _: 'premium.boostsList', count: 0, boosts: [], users: [] };
  },
});
