import { defineMethod } from '@aerogram/rpc';

import { accessChannel } from '../channels/channel-call.ts';

export const getChannelDifference = defineMethod({
  method: 'updates.getChannelDifference',
  access: ['user', 'bot'],
  cost: 1,
  limits: { vectors: { 'filter.ranges': 100 } },
  repeat: 'read',
  async handler(ctx, { channel: input, pts: from, limit }) {
    const channel = await accessChannel(ctx, input);
    const { difference, pts, isFinal } = await ctx.domain.channelUpdates.findDifference(ctx.userId, channel, { pts: from, limit });
    // With this answer the client has everything up to `pts`, whatever it had before. Nothing is pushed to people who are not members.
    if (channel.member?.status === 'member') ctx.boxStep({ owner: channel.peerId, pts, ptsCount: pts, ...(isFinal ? { looseSeq: 0 } : {}) });
    return difference;
  },
});
