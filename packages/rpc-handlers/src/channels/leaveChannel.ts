import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs, answerChannel } from './channel-call.ts';

export const leaveChannel = defineMethod({
  method: 'channels.leaveChannel',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input }) {
    const { channelId, peerId } = await accessChannel(ctx, input);
    return answerChannel(ctx, peerId, await ctx.domain.channels.at(channelId).members.doLeave(actingAs(ctx)));
  },
});
