import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessSavedPeer } from './access-saved-peer.ts';
import { originOf, stepBox } from '../origin.ts';

export const deleteSavedHistory = defineMethod({
  method: 'messages.deleteSavedHistory',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  async handler(ctx, req) {
    if (req.parent_peer !== undefined) throw rpcError('PARENT_PEER_INVALID');
    const savedPeerId = await accessSavedPeer(ctx, req.peer);
    const { pts, ptsCount, offset } = await ctx.domain.messages.doDeleteHistory({
      ownerId: ctx.userId,
      peerId: ctx.userId,
      savedPeerId,
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
