import { defineMethod } from '@aerogram/rpc';

import { originOf } from './origin.ts';

/** Groups and channels have no action bar, so there is nothing to hide in them. */
export const hidePeerSettingsBar = defineMethod({
  method: 'messages.hidePeerSettingsBar',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  async handler(ctx, req) {
    const peer = await ctx.domain.peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    if (peer.kind === 'user') await ctx.domain.peerBars.doHide(ctx.userId, peer.row, originOf(ctx));
    return true;
  },
});
