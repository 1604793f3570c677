import { defineMethod } from '@aerogram/rpc';

import { originOf, stepBox } from '../origin.ts';

export const deleteMessages = defineMethod({
  method: 'messages.deleteMessages',
  access: ['user', 'bot'],
  cost: 1,
  limits: { vectors: { id: 100 } },
  repeat: 'idempotent',
  async handler(ctx, req) {
    const { pts, ptsCount } = await ctx.domain.messages.doDelete({
      ownerId: ctx.userId,
      msgIds: req.id,
      revoke: req.revoke === true,
      origin: originOf(ctx),
    });
    stepBox(ctx, pts, ptsCount);
    return { _: 'messages.affectedMessages', pts, pts_count: ptsCount };
  },
});
