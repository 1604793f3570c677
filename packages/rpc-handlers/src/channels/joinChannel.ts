import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs, answerChannel } from './channel-call.ts';

export const joinChannel = defineMethod({
  method: 'channels.joinChannel',
  access: 'user',
  cost: 3,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input }) {
    const { channelId, peerId } = await accessChannel(ctx, input);
    const outcome = await ctx.domain.channels.at(channelId).doJoin(actingAs(ctx));
    return { _: 'messages.chatInviteJoinResultOk', updates: await answerChannel(ctx, peerId, outcome) };
  },
});
