import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { originOf, stepBox } from '../origin.ts';

export const readHistory = defineMethod({
  method: 'messages.readHistory',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  presence: 'reading',
  async handler(ctx, req) {
    const peer = await ctx.domain.peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    // The answer has the pts of the caller's box, so channels have a method of their own.
    if (peer.kind === 'channel') throw rpcError('PEER_ID_INVALID');
    const { pts, ptsCount } = await ctx.domain.messages.doReadHistory({
      ownerId: ctx.userId,
      peerId: peer.peerId,
      maxId: req.max_id,
      origin: originOf(ctx),
    });
    stepBox(ctx, pts, ptsCount);
    return { _: 'messages.affectedMessages', pts, pts_count: ptsCount };
  },
});
