import { defineMethod } from '@aerogram/rpc';

import { findCategory } from './top-categories.ts';

export const resetTopPeerRating = defineMethod({
  method: 'contacts.resetTopPeerRating',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  handler: async (ctx, req) => {
    const peer = await ctx.domain.peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    const category = findCategory(req.category);
    if (category !== undefined) await ctx.domain.topPeers.doReset(ctx.userId, category, peer.peerId);
    return true;
  },
});
