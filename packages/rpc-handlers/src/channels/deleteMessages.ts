import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs } from './channel-call.ts';

export const deleteMessages = defineMethod({
  method: 'channels.deleteMessages',
  access: ['user', 'bot'],
  cost: 1,
  limits: { vectors: { id: 100 } },
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input, id: msgIds }) {
    const { channelId, peerId } = await accessChannel(ctx, input);
    const { pts, ptsCount } = await ctx.domain.channels.at(channelId).posts.doDelete(actingAs(ctx), msgIds);
    ctx.boxStep({ owner: peerId, pts, ptsCount });
    return { _: 'messages.affectedMessages', pts, pts_count: ptsCount };
  },
});
