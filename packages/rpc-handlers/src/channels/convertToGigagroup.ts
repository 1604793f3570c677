import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs, answerChannel } from './channel-call.ts';

export const convertToGigagroup = defineMethod({
  method: 'channels.convertToGigagroup',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input }) {
    const { channelId, peerId } = await accessChannel(ctx, input);
    return answerChannel(ctx, peerId, await ctx.domain.channels.at(channelId).settings.doMakeGigagroup(actingAs(ctx)));
  },
});
