import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs, answerChannel } from './channel-call.ts';

export const deleteChannel = defineMethod({
  method: 'channels.deleteChannel',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input }) {
    const { channelId, peerId } = await accessChannel(ctx, input);
    return answerChannel(ctx, peerId, await ctx.domain.channels.at(channelId).settings.doDelete(actingAs(ctx)));
  },
});
