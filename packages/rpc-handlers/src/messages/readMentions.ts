import { refuseChannelsYet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { originOf, stepBox } from './origin.ts';

/** Marks all mentions of the caller in a group as seen. GramJS calls it for every chat that it marks as read. */
export const readMentions = defineMethod({
  method: 'messages.readMentions',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  presence: 'reading',
  async handler(ctx, req) {
    const { peerId } = refuseChannelsYet(await ctx.domain.peers.accessInputPeer(ctx.userId, req.peer));
    const { pts, ptsCount, offset } = await ctx.domain.messages.doReadMentions({ ownerId: ctx.userId, peerId, origin: originOf(ctx) });
    stepBox(ctx, pts, ptsCount);
    return { _: 'messages.affectedHistory', pts, pts_count: ptsCount, offset };
  },
});
