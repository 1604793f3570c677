import { defineMethod } from '@aerogram/rpc';

import { accessChannel } from '../channels/channel-call.ts';
import { originOf } from '../origin.ts';

export const updatePersonalChannel = defineMethod({
  method: 'account.updatePersonalChannel',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  async handler(ctx, { channel: input }) {
    const channel = input._ === 'inputChannelEmpty' ? undefined : await accessChannel(ctx, input);
    await ctx.domain.channels.personal.doSet(ctx.userId, channel, originOf(ctx));
    return true;
  },
});
