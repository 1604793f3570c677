import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs } from './channel-call.ts';

export const updateUsername = defineMethod({
  method: 'channels.updateUsername',
  access: 'user',
  cost: 20,
  limits: { strings: { username: 256 } },
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input, username }) {
    const { channelId } = await accessChannel(ctx, input);
    await ctx.domain.channels.at(channelId).settings.doSetUsername(actingAs(ctx), username);
    return true;
  },
});
