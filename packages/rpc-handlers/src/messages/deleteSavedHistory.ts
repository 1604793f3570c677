import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { originOf, stepBox } from './origin.ts';

export const deleteSavedHistory = defineMethod({
  method: 'messages.deleteSavedHistory',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  async handler(ctx, req) {
    if (req.parent_peer !== undefined) throw rpcError('PARENT_PEER_INVALID');
    const { peerId } = await ctx.domain.peers.accessInputPeer(ctx.userId, req.peer);
    const { pts, ptsCount, offset } = await ctx.domain.messages.doDeleteHistory({
      ownerId: ctx.userId,
      peerId: ctx.userId,
      savedPeerId: peerId,
      maxId: req.max_id,
      minDate: req.min_date ?? 0,
      maxDate: req.max_date ?? 0,
      justClear: false,
      revoke: false,
      origin: originOf(ctx),
    });
    stepBox(ctx, pts, ptsCount);
    return { _: 'messages.affectedHistory', pts, pts_count: ptsCount, offset };
  },
});
