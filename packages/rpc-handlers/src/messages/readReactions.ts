import { refuseChannelsYet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { originOf } from './origin.ts';

export const readReactions = defineMethod({
  method: 'messages.readReactions',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  presence: 'reading',
  async handler(ctx, req) {
    const { peerId } = refuseChannelsYet(await ctx.domain.peers.accessInputPeerOrFormer(ctx.userId, req.peer));
    const { pts, offset } = await ctx.domain.reactions.doRead(ctx.userId, peerId, originOf(ctx));
    // Reactions have no pts of their own.
    return { _: 'messages.affectedHistory', pts, pts_count: 0, offset };
  },
});
