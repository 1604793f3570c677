import { defineMethod } from '@aerogram/rpc';

import { accessCommentedChannel, actingAs, answerChannel } from './channel-call.ts';
import { NOTICE_QUOTAS } from '../quotas.ts';

export const joinChannel = defineMethod({
  method: 'channels.joinChannel',
  access: 'user',
  cost: 3,
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input }) {
    const { channelId, peerId } = await accessCommentedChannel(ctx, input);
    const outcome = await ctx.domain.channels.at(channelId).members.doJoin(actingAs(ctx));
    return { _: 'messages.chatInviteJoinResultOk', updates: await answerChannel(ctx, peerId, outcome) };
  },
});
