import { defineMethod } from '@aerogram/rpc';

import { accessCommentedChannel, actingAs, stepPeer } from './channel-call.ts';

export const deleteMessages = defineMethod({
  method: 'channels.deleteMessages',
  access: ['user', 'bot'],
  cost: 1,
  limits: { vectors: { id: 100 } },
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input, id: msgIds }) {
    const peer = await accessCommentedChannel(ctx, input);
    const { pts, ptsCount } = await ctx.domain.channels.at(peer.channelId).posts.doDelete(actingAs(ctx), msgIds);
    stepPeer(ctx, peer, { pts, ptsCount });
    return { _: 'messages.affectedMessages', pts, pts_count: ptsCount };
  },
});
