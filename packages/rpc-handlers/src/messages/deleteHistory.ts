import { refuseChannelsYet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { originOf, stepBox } from './origin.ts';

export const deleteHistory = defineMethod({
  method: 'messages.deleteHistory',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  async handler(ctx, req) {
    const peer = refuseChannelsYet(await ctx.domain.peers.accessInputPeer(ctx.userId, req.peer));
    const { pts, ptsCount, offset } = await ctx.domain.messages.doDeleteHistory({
      ownerId: ctx.userId,
      peerId: peer.peerId,
      maxId: req.max_id,
      minDate: req.min_date ?? 0,
      maxDate: req.max_date ?? 0,
      justClear: req.just_clear === true,
      revoke: req.revoke === true && peer.kind === 'user',
      origin: originOf(ctx),
    });
    stepBox(ctx, pts, ptsCount);
    return { _: 'messages.affectedHistory', pts, pts_count: ptsCount, offset };
  },
});
