import { refuseChannelsYet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { originOf, stepBox } from './origin.ts';

export const unpinAllMessages = defineMethod({
  method: 'messages.unpinAllMessages',
  access: ['user', 'bot'],
  cost: 3,
  repeat: 'idempotent',
  async handler(ctx, req) {
    const peer = refuseChannelsYet(await ctx.domain.peers.accessInputPeer(ctx.userId, req.peer));
    const { pts, ptsCount, offset } = await ctx.domain.messages.doUnpinAll(peer, { ownerId: ctx.userId, origin: originOf(ctx) });
    stepBox(ctx, pts, ptsCount);
    return { _: 'messages.affectedHistory', pts, pts_count: ptsCount, offset };
  },
});
