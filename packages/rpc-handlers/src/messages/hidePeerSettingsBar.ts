import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

/** Hides the action bar above a chat. Whoever hides the bar above a group to which a stranger has added them accepts to be there. */
export const hidePeerSettingsBar = defineMethod({
  method: 'messages.hidePeerSettingsBar',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  async handler(ctx, req) {
    const { acceptance, peerBars, peers } = ctx.domain;
    const peer = await peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    if (peer.kind === 'user') await peerBars.doHide(ctx.userId, peer.row, originOf(ctx));
    else await acceptance.doAccept(ctx.userId, peer.peerId, originOf(ctx));
    return true;
  },
});
