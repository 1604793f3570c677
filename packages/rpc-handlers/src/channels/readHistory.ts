import { defineMethod } from '@aerogram/rpc';

import { readUpTo } from '../read-up-to.ts';
import { accessChannel } from './channel-call.ts';

export const readHistory = defineMethod({
  method: 'channels.readHistory',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  presence: 'reading',
  async handler(ctx, { channel: input, max_id: maxId }) {
    const { channelId } = await accessChannel(ctx, input);
    await ctx.domain.channels.at(channelId).posts.doRead(ctx.userId, readUpTo(maxId));
    return true;
  },
});
