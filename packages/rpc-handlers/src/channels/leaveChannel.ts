import { defineMethod } from '@aerogram/rpc';

import { NOTICE_QUOTAS } from '../quotas.ts';
import { accessChannel, actingAs, answerChannel } from './channel-call.ts';

export const leaveChannel = defineMethod({
  method: 'channels.leaveChannel',
  access: ['user', 'bot'],
  cost: 2,
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input }) {
    const { channelId, peerId } = await accessChannel(ctx, input);
    return answerChannel(ctx, peerId, await ctx.domain.channels.at(channelId).members.doLeave(actingAs(ctx)));
  },
});
