import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs, answerChannel } from './channel-call.ts';

export const toggleJoinRequest = defineMethod({
  method: 'channels.toggleJoinRequest',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input, enabled, apply_to_invites }) {
    const { channelId, peerId } = await accessChannel(ctx, input);
    return answerChannel(ctx, peerId, await ctx.domain.channels.at(channelId).settings.doSetJoinRequest(actingAs(ctx), enabled, apply_to_invites === true));
  },
});
