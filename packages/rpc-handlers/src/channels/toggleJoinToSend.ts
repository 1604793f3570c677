import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs, answerChannel } from './channel-call.ts';

export const toggleJoinToSend = defineMethod({
  method: 'channels.toggleJoinToSend',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input, enabled }) {
    const { channelId, peerId } = await accessChannel(ctx, input);
    return answerChannel(ctx, peerId, await ctx.domain.channels.at(channelId).settings.doSetJoinToSend(actingAs(ctx), enabled));
  },
});
