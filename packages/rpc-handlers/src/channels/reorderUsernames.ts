import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs } from './channel-call.ts';

/** There are no collectible usernames, so there is only one username and its order is always right. */
export const reorderUsernames = defineMethod({
  method: 'channels.reorderUsernames',
  access: 'user',
  cost: 10,
  limits: { vectors: { order: 100 } },
  repeat: 'idempotent',
  async handler(ctx, { channel: input, order }) {
    const { channelId } = await accessChannel(ctx, input);
    await ctx.domain.channels.at(channelId).settings.doReorderUsernames(actingAs(ctx), order);
    return true;
  },
});
