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
    // What it says it has; whether this answer arrives is not known. A position beyond the box is none.
    ctx.domain.positions.noteAsked(ctx.userId, ctx.caller.permAuthKeyId, Math.min(req.pts, pts), req.date);
    // With this answer the client has everything up to `pts`, wherever it stood before.
    ctx.boxStep({ owner: ctx.userId, pts, ptsCount: pts, looseSeq });
    return difference;
  },
});
