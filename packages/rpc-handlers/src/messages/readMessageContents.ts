import { defineMethod } from '@aerogram/rpc';

import { actingAs } from '../channels/channel-call.ts';
import { originOf, stepBox } from '../origin.ts';

export const readMessageContents = defineMethod({
  method: 'messages.readMessageContents',
  access: 'user',
  cost: 1,
  limits: { vectors: { id: 100 } },
  repeat: 'idempotent',
  presence: 'reading',
  async handler(ctx, req) {
    const { pts, ptsCount } = await ctx.domain.messages.doReadContents({
      ownerId: ctx.userId,
      msgIds: req.id,
      origin: originOf(ctx),
    });
    await ctx.domain.reactions.doReadContents(ctx.userId, req.id, originOf(ctx));
    await ctx.domain.unreadVotes.doReadContents(ctx.userId, { boxId: ctx.userId, msgIds: req.id });
    await ctx.domain.postReactions.doSeeInGroups(actingAs(ctx), req.id);
    stepBox(ctx, pts, ptsCount);
    return { _: 'messages.affectedMessages', pts, pts_count: ptsCount };
  },
});
