import { defineMethod } from '@aerogram/rpc';

import { originOf } from './origin.ts';

export const hidePeerSettingsBar = defineMethod({
  method: 'messages.hidePeerSettingsBar',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  async handler(ctx, req) {
    const peer = await ctx.domain.peers.accessInputPeer(ctx.userId, req.peer);
    await ctx.domain.peerBars.doHide(ctx.userId, peer.row, originOf(ctx));
    return true;
  },
});
