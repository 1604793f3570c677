import { defineMethod } from '@aerogram/rpc';

import { accessKnown } from '../access-known.ts';
import { accessChannel } from './channel-call.ts';

export const getChannels = defineMethod({
  method: 'channels.getChannels',
  access: ['user', 'bot'],
  cost: 1,
  itemCosts: { id: 0.05 },
  limits: { vectors: { id: 200 } },
  repeat: 'read',
  async handler(ctx, { id: inputs }) {
    const found = await accessKnown(inputs, (input) => accessChannel(ctx, input));
    return { _: 'messages.chats', chats: await ctx.domain.chats.projectChats(ctx.userId, found.map(({ peerId }) => peerId)) };
  },
});
