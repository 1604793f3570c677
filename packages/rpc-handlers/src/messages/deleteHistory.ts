import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { actingAs } from '../channels/channel-call.ts';
import { originOf, stepBox } from '../origin.ts';

export const deleteHistory = defineMethod({
  method: 'messages.deleteHistory',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  async handler(ctx, req) {
    const peer = await ctx.domain.peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    if (peer.kind === 'channel') {
      if (req.min_date !== undefined || req.max_date !== undefined) throw rpcError('CHAT_REVOKE_DATE_UNSUPPORTED');
      const { posts } = ctx.domain.channels.at(peer.channelId);
      const maxId = Math.max(0, req.max_id);
      if (req.revoke === true) await posts.doDeleteAll(actingAs(ctx), maxId);
      else await posts.doClear({ ...actingAs(ctx), origin: undefined }, maxId);
      const { pts } = await posts.findState(ctx.userId);
      return { _: 'messages.affectedHistory', pts, pts_count: 0, offset: 0 };
    }
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
