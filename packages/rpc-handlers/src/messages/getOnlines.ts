import { defineMethod } from '@aerogram/rpc';

import { accessAnyGroup } from '../group-call.ts';

export const getOnlines = defineMethod({
  method: 'messages.getOnlines',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { peer: input }) {
    const peer = await accessAnyGroup(ctx, input);
    const { channels, groups } = ctx.domain;
    const onlines = peer.kind === 'channel' ? await channels.at(peer.channelId).members.countOnline(ctx.userId) : await groups.countOnline(ctx.userId, peer.chatId);
    return { _: 'chatOnlines', onlines };
  },
});
