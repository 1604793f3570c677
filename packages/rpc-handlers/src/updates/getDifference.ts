import { defineMethod } from '@aerogram/rpc';

export const getDifference = defineMethod({
  method: 'updates.getDifference',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'read',
  async handler(ctx, req) {
    const { difference, pts, looseSeq } = await ctx.domain.updates.findDifference(ctx.userId, {
      pts: req.pts,
      ptsLimit: req.pts_limit,
      ptsTotalLimit: req.pts_total_limit,
      date: req.date,
    });
    // With this answer the client has everything up to `pts`, wherever it stood before.
    ctx.boxStep({ owner: ctx.userId, pts, ptsCount: pts, looseSeq });
    return difference;
  },
});
