import { defineMethod } from '@aerogram/rpc';

export const getDifference = defineMethod({
  method: 'updates.getDifference',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'read',
  async handler(ctx, req) {
    const { userId, caller: { permAuthKeyId: authKeyId } } = ctx;
    const { difference, pts, looseSeq, deviceSeq, delivered, channels, confirmed } = await ctx.domain.updates.findDifference(userId, {
      pts: req.pts,
      ptsLimit: req.pts_limit,
      ptsTotalLimit: req.pts_total_limit,
      date: req.date,
      qts: req.qts,
      qtsLimit: req.qts_limit,
      authKeyId,
    });
    // Notes the position from which the client asked, because it is unknown whether this answer will arrive.
    ctx.domain.positions.noteAsked(userId, authKeyId, confirmed, req.date);
    // The difference is right without it: what is not deleted now is deleted by the next one.
    if (delivered !== undefined) await ctx.domain.deviceLogs.doConfirm({ owner: userId, authKeyId }, delivered).catch((error: unknown) => ctx.log.warn({ err: error }, 'delivered messages could not be deleted'));
    // With this answer the client has everything up to `pts`, whatever it had before.
    ctx.boxStep({ owner: userId, pts, ptsCount: pts, looseSeq, deviceSeq });
    // Of channels it only says where they are.
    for (const channel of channels) ctx.boxStep({ owner: channel.peerId, pts: channel.pts, ptsCount: 0, looseSeq: 0 });
    return difference;
  },
});
