import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs } from './channel-call.ts';

/** Marks messages that mention the caller as seen. */
export const readMessageContents = defineMethod({
  method: 'channels.readMessageContents',
  access: 'user',
  cost: 1,
  limits: { vectors: { id: 100 } },
  repeat: 'idempotent',
  presence: 'reading',
  async handler(ctx, { channel: input, id }) {
    const { channelId } = await accessChannel(ctx, input);
    await ctx.domain.channels.at(channelId).posts.doReadContents(actingAs(ctx), id);
    return true;
  },
});
