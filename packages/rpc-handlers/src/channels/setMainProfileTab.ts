import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs } from './channel-call.ts';

export const setMainProfileTab = defineMethod({
  method: 'channels.setMainProfileTab',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input, tab }) {
    const { channelId } = await accessChannel(ctx, input);
    await ctx.domain.channels.at(channelId).settings.doSetMainTab(actingAs(ctx), tab);
    return true;
  },
});
