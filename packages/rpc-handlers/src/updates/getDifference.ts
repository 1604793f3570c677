import { defineMethod } from '@aerogram/rpc';

export const getDifference = defineMethod({
  method: 'updates.getDifference',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'read',
  async handler(ctx, req) {
    const { difference, pts, looseSeq, channels, confirmed } = await ctx.domain.updates.findDifference(ctx.userId, {
      pts: req.pts,
      ptsLimit: req.pts_limit,
      ptsTotalLimit: req.pts_total_limit,
      date: req.date,
      qts: req.qts,
      qtsLimit: req.qts_limit,
    });
    // Notes the position from which the client asked, because it is unknown whether this answer will arrive.
    ctx.domain.positions.noteAsked(ctx.userId, ctx.caller.permAuthKeyId, confirmed, req.date);
    // With this answer the client has everything up to `pts`, whatever it had before.
    ctx.boxStep({ owner: ctx.userId, pts, ptsCount: pts, looseSeq });
    // Of channels it only says where they are.
    for (const channel of channels) ctx.boxStep({ owner: channel.peerId, pts: channel.pts, ptsCount: 0, looseSeq: 0 });
    return difference;
  },
});
